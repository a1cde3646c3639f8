"""G4, G5, G6, G17: what a step of the sign-in asks of database and Redis, counted in process.

Shared by the bench and by ``tests/portal/test_budgets.py``. A trip is one write to a connection:
a pipeline or a script is one however many commands it carries.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F
from django.test import Client
from redis.connection import AbstractConnection

from accounts.challenges.models import Challenge
from accounts.outbox.models import Message
from tests.sql import counted_queries

# Statements that each step may take, whatever proves, and trips to Redis that each request may.
SQL = {"form": 0, "password": 11, "code": 11, "landing": 2, "resend": 8, "status": 3}
BY_SMS = SQL | {"password": 8, "code": 8, "resend": 6}  # what the goal aims at
TRIPS = 8


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request asked for."""

    sql: list[str]
    trips: list[str]


@contextmanager
def counted_trips() -> Iterator[list[str]]:
    """The first word of every write to Redis in the block, by any client of this process."""
    seen: list[str] = []
    send = AbstractConnection.send_packed_command

    def noted(self, command, *args, **kwargs):
        packed = b"".join(command) if isinstance(command, list) else command
        seen.append(packed.split(b"\r\n", 3)[2].decode())
        return send(self, command, *args, **kwargs)

    AbstractConnection.send_packed_command = noted
    try:
        yield seen
    finally:
        AbstractConnection.send_packed_command = send


def measured(request: Callable[[], object]) -> tuple[object, Cost]:
    """The answer to ``request`` and what it cost."""
    with counted_queries() as sql, counted_trips() as trips:
        answer = request()
    return answer, Cost(list(sql), trips)


def let_spacing_pass() -> None:
    """As if what was sent had been sent some minutes ago."""
    ago = timedelta(seconds=400)
    Message.objects.update(created_at=F("created_at") - ago, not_before=F("not_before") - ago)


def sign_in(client: Client, username: str, password: str) -> dict[str, Cost]:
    """Every step of a sign-in from a browser, a resend and a poll included."""
    costs: dict[str, Cost] = {}

    def step(name: str, request: Callable[[], object], status: int) -> object:
        answer, costs[name] = measured(request)
        assert answer.status_code == status, f"{name}: {answer.status_code}"
        return answer

    client.cookies.pop("sid", None)
    let_spacing_pass()
    step("form", lambda: client.get("/login/"), 200)
    begun = step(
        "password",
        lambda: client.post("/login/", {"username": username, "password": password}),
        302,
    )
    path = begun["Location"]
    step("code page", lambda: client.get(path), 200)
    let_spacing_pass()
    step("resend", lambda: client.post(f"{path}resend/", {"delivery": "sms"}), 302)
    step("status", lambda: client.get(f"{path}status/"), 200)
    code = Challenge.objects.filter(user__username=username).latest("created_at").code()
    step("code", lambda: client.post(f"{path}answer/", {"code": code}), 302)
    step("landing", lambda: client.get("/"), 200)
    return costs
