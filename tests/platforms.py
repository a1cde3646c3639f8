"""A trading platform, as tests drive one over ``/api/v1``."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.challenges.models import Challenge
from tests.cast import PASSWORD

LOGIN = "/api/v1/login"
SESSION = "/api/v1/session"
PLATFORMS = ("tws", "webtrader", "mobile_ios", "mobile_android", "api")


@dataclass
class Platform:
    """``name`` is one of ``PLATFORMS``; ``attempt``, ``token`` and ``device`` are filled in."""

    name: str = "tws"
    version: str | None = "10.30 latest"
    address: str = "127.0.0.1"
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    attempt: str = ""
    token: str = ""
    device: str = ""

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        data = "" if body is None else json.dumps(body)
        if self.device:
            headers.setdefault("Device-Token", self.device)
        return self.client.generic(
            method,
            path,
            data,
            content_type="application/json",
            headers=headers,
            REMOTE_ADDR=self.address,
        )

    def begin(
        self, username: str = "alice", password: str = PASSWORD, **headers: str
    ) -> HttpResponse:
        """Name and password."""
        body = {"username": username, "password": password, "platform": self.name}
        if self.version is not None:
            body["client_version"] = self.version
        response = self.send("POST", LOGIN, body, **headers)
        if response.status_code == 200:
            self.attempt = response.json()["attempt"] or ""
        return response

    def step(self, response: HttpResponse | None = None) -> dict[str, Any]:
        """What comes next; asks for it where no answer is given."""
        response = response or self.send("GET", f"{LOGIN}/{self.attempt}")
        assert response.status_code == 200, response.content.decode()
        return response.json()["step"]

    def go(self, what: str, body: dict[str, Any], **headers: str) -> HttpResponse:
        """``method``, ``resend`` or ``answer``."""
        return self.send("POST", f"{LOGIN}/{self.attempt}/{what}", body, **headers)

    def choose(self, method: str) -> dict[str, Any]:
        """The device of that method, where there are several."""
        step = self.step()
        rows = step["devices"] if step["kind"] == "ask_method" else step["alternatives"]
        wanted = next(row["id"] for row in rows if row["method"] == method)
        return self.step(self.go("method", {"device": wanted}))

    def answer(self, code: str, **more: Any) -> dict[str, Any]:
        """The step after the answer; the token of a session is kept."""
        return self.keep(self.step(self.go("answer", {"code": code, **more})))

    def keep(self, step: dict[str, Any]) -> dict[str, Any]:
        if step["kind"] == "done":
            self.token = step["session"]["token"]
            self.device = step["session"]["device_token"]
        return step

    def sign_in(self, username: str = "alice") -> dict[str, Any]:
        """By text message, to the end; returns the session."""
        assert self.begin(username).status_code == 200
        step = self.step()
        if step["kind"] == "ask_method":
            self.choose("sms")
        step = self.answer(newest().code())
        assert step["kind"] == "done", step
        return step["session"]

    def session(self, method: str = "GET", token: str | None = None) -> HttpResponse:
        """The session asks about itself, or ends."""
        bearer = {"Authorization": f"Bearer {token or self.token}"}
        return self.client.generic(method, SESSION, headers=bearer, REMOTE_ADDR=self.address)


def newest() -> Challenge:
    return Challenge.objects.latest("created_at")
