"""The other end of IB Key's protocol, in the test itself: checks every signature and keeps what a
phone told it. With it the app is tried against what a server may do and seldom does."""

import json
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from playwright.sync_api import BrowserContext, Route

from sls.algorithms import ocra
from tests.cast import PASSWORD

BASE = "/api/v1/ib-key/"
SUITES = {
    "pin": "OCRA-1:HOTP-SHA256-8:QN06-PSHA256",
    "biometrics": "OCRA-1:HOTP-SHA256-8:QN06",
}
SECRET = bytes(range(32))
CODE = "493817"
SESSION_ID = "K7MPXR42"
CALL = re.compile(r"IBKey key=([^,]+), at=(\d+), nonce=([\w-]{22}), sig=([\w-]{86})")
TOLERANCE = 300  # seconds


class Told(Exception):
    """Answered as problem+json."""

    def __init__(self, status: int, word: str, **facts: object) -> None:
        super().__init__(word)
        self.status = status
        self.facts = {"type": f"https://portal.example/problems/{word}", **facts}


@dataclass
class Device:
    username: str
    key: EllipticCurvePublicKey
    element: str
    pin: str | None
    name: str
    state: str = "pending"

    def response(self, question: str) -> str:
        """The right one."""
        return ocra.compute(SUITES[self.element], SECRET, question, pin=self.pin)


@dataclass
class KeyServer:
    """``ahead`` is by how many seconds its clock differs from the phone's; ``lost`` names a call
    whose answer does not arrive, once."""

    origin: str
    ahead: int = 0
    lost: str = ""
    migrates: bool = False
    devices: dict[str, Device] = field(default_factory=dict)
    approval: dict[str, Any] | None = None
    last: dict[str, str] | None = None
    digits: str = "482"
    approved: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    subscriptions: list[Any] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    nonces: set[str] = field(default_factory=set)
    username: str = "alice"

    def serve(self, context: BrowserContext) -> None:
        """Answers every call of this browser."""
        context.route(f"**{BASE}**", self._answer)

    @property
    def phone(self) -> Device:
        """The only one there is."""
        [device] = self.devices.values()
        return device

    def ask(self, number: int = 1, action: str = "Sign in") -> None:
        """A sign-in waits for the phone; what waited before does not."""
        now = self._now()
        self.approval = {"id": f"p{number}", "action": action, "platform": "Client Portal"}
        self.approval |= {"place": "Zürich, CH", "browser": "Firefox", "address": "203.0.113.7"}
        ends = now + timedelta(seconds=180)
        self.approval |= {"asked_at": now.isoformat(), "expires_at": ends.isoformat()}

    def end(self, state: str) -> None:
        """What waited is over."""
        assert self.approval is not None
        self.approval, self.last = None, {"id": self.approval["id"], "state": state}

    def _now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self.ahead, UTC)

    def _answer(self, route: Route) -> None:
        request = route.request
        path = urlsplit(request.url).path.removeprefix(BASE)
        name = re.sub(r"^(activations|approvals)/[^/]+/", "", path)
        self.calls[name] += 1
        try:
            assert "cookie" not in request.all_headers()
            raw = request.post_data or ""
            body, status = self._verb(name, path, raw, request.headers.get("authorization", ""))
        except Told as told:
            body, status = told.facts, told.status
        if self.lost == name:
            self.lost = ""
            route.abort()
            return
        route.fulfill(status=status, content_type="application/json", body=json.dumps(body))

    def _verb(self, name: str, path: str, raw: str, authorization: str) -> tuple[Any, int]:
        sent = json.loads(raw)
        if name == "activations":
            return self._begin(sent), 201
        if name == "code":
            now = self._now().isoformat()
            return {"reference": "KDM", "next_at": now, "sends_left": 4}, 202
        if name == "finish":
            return self._finish(path.split("/")[1], sent), 201
        if name == "push-key":
            return {"key": _text(b"\4" + bytes(64))}, 200
        device = self._signed(path, raw, authorization)
        return getattr(self, f"_{name.replace('/', '_')}")(device, path, sent), 200

    def _begin(self, sent: dict[str, Any]) -> dict[str, Any]:
        by_session = sent == {"session_id": SESSION_ID}
        if not by_session and sent != {"username": self.username, "password": PASSWORD}:
            raise Told(401, "refused")
        ends = (self._now() + timedelta(minutes=10)).isoformat()
        numbers = [{"id": "n1", "masked": "+1 ••• ••01", "primary": True}]
        needs = "nothing" if by_session else "code"
        facts = {"activation": "a1", "needs": needs, "numbers": numbers, "expires_at": ends}
        return facts | {"migrates": self.migrates, "username": self.username}

    def _finish(self, activation: str, sent: dict[str, Any]) -> dict[str, Any]:
        if sent.get("code", CODE) != CODE:
            raise Told(422, "wrong", tries_left=4)
        raw = _bytes(sent["public_key"])
        assert len(raw) == 65
        key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw)
        _verify(key, sent["proof"], f"ibkey-activate\n{activation}\n{self.origin}")
        phone = sent["phone"]
        device = Device(self.username, key, sent["element"], sent.get("pin"), phone["name"])
        name = f"d{len(self.devices) + 1}"
        self.devices[name] = device
        facts = {"device": name, "secret": _text(SECRET), "suite": SUITES[device.element]}
        return facts | {"username": device.username, "phone_name": device.name}

    def _signed(self, path: str, raw: str, authorization: str) -> Device:
        read = CALL.fullmatch(authorization)
        assert read is not None, authorization
        name, at, nonce, sig = read.groups()
        now = int(self._now().timestamp())
        if abs(int(at) - now) > TOLERANCE:
            raise Told(401, "clock", now=now)
        device = self.devices.get(name)
        if device is None or device.state == "unknown" or nonce in self.nonces:
            raise Told(401, "signature")
        self.nonces.add(nonce)
        digest = _text(sha256(raw.encode()).digest())
        parts = ("ibkey-call", "POST", BASE + path, digest, at, nonce, self.origin)
        _verify(device.key, sig, "\n".join(parts))
        if device.state in {"replaced", "removed", "suspended"}:
            raise Told(410, device.state)
        return device

    def _confirm(self, device: Device, _path: str, sent: dict[str, Any]) -> dict[str, Any]:
        assert sent == {"response": device.response("000000")}
        device.state = "active"
        return {"active": True, "replaced": self.migrates}

    def _state(self, device: Device, _path: str, _sent: object) -> dict[str, Any]:
        mine = self.approval if device.username == "alice" else None
        facts = {"username": device.username, "state": "active", "element": device.element}
        facts |= {"phone_name": device.name, "push": bool(self.subscriptions), "seamless": True}
        return facts | {"approval": mine, "last": self.last, "now": self._now().isoformat()}

    def _seen(self, _device: Device, path: str, _sent: object) -> dict[str, Any]:
        self.seen.append(path.split("/")[1])
        return {}

    def _approve(self, device: Device, path: str, sent: dict[str, Any]) -> dict[str, Any]:
        name = path.split("/")[1]
        if sent["sig"] in self.approved:
            return {"state": "approved"}
        if self.approval is None or self.approval["id"] != name:
            raise Told(409, "expired")
        what = self.approval["action"]
        digits, at = sent["digits"], sent["at"]
        text = f"ibkey-approve\n{name}\n{digits}\n{what}\n{self.origin}\n{at}"
        _verify(device.key, sent["sig"], text)
        if digits != self.digits:
            self.end("refused")
            raise Told(422, "digits")
        self.approved.add(sent["sig"])
        self.end("approved")
        return {"state": "approved"}

    def _refuse(self, _device: Device, path: str, sent: dict[str, Any]) -> dict[str, Any]:
        self.refused[path.split("/")[1]] = sent["why"]
        self.end("refused")
        freeze = {"freeze_url": "/not-me/"} if sent["why"] == "not_me" else {}
        return {"state": "refused"} | freeze

    def _pin_question(self, _device: Device, _path: str, _sent: object) -> dict[str, Any]:
        return {"question": "271828"}

    def _pin(self, device: Device, _path: str, sent: dict[str, Any]) -> dict[str, Any]:
        if sent["response"] != device.response("271828"):
            raise Told(422, "wrong", tries_left=9)
        device.pin = sent["pin"]
        return {}

    def _rename(self, device: Device, _path: str, sent: dict[str, Any]) -> dict[str, Any]:
        device.name = sent["name"]
        return {}

    def _remove(self, device: Device, _path: str, _sent: object) -> dict[str, Any]:
        device.state = "removed"
        return {}


def _verify(key: EllipticCurvePublicKey, sig: str, text: str) -> None:
    raw = _bytes(sig)
    halves = (int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    try:
        key.verify(encode_dss_signature(*halves), text.encode(), ECDSA(SHA256()))
    except InvalidSignature:
        raise Told(401, "signature") from None


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
