"""A decision for the brokerage's own systems over HTTP, in bare views (at most three)."""

import hashlib
import secrets
import time
from collections.abc import Iterator
from datetime import timedelta

import requests
from django.utils import timezone

from accounts.sessions.models import Session
from tests.bench.browser import Browser, Unexpected
from tests.bench.flows import PLAIN_USER, seconds_of
from tests.bench.people import PASSWORD, Person
from tests.bench.report import median, table
from tests.bench.rounds import Run

TOKEN = secrets.token_urlsafe(32)
MOST = 3
MONEY = {"amount": "100.00", "currency": "USD", "destination": "DE89 3704 0044 0532 0130 00"}
ASKED = {
    "view": {"action": "view"},
    "order": {"action": "order"},
    "withdraw": {"action": "withdraw", **MONEY},
}
OUTCOMES = {"view": "allowed", "order": "allowed", "withdraw": "needs_step_up"}


def measure(run: Run) -> None:
    """All rounds; a session of everybody's asks for one thing after another."""
    known = f"bench:{hashlib.sha256(TOKEN.encode()).hexdigest()}"
    people = run.people[: run.sizes.flows]
    sessions = {person.id: _session(person) for person in people}
    rows = []
    with (
        run.stack.bare(PLAIN_USER, PASSWORD) as bare,
        run.stack.web(port=run.stack.port, SERVICE_TOKENS=known) as web,
    ):
        for turn in range(run.sizes.rounds):
            empty = seconds_of(Browser(bare), "/", run.sizes.bare)
            taken = {
                name: list(_asked(web, people, sessions, name, run.sizes.pages)) for name in ASKED
            }
            one = median(empty + seconds_of(Browser(bare), "/", run.sizes.bare))
            views = {name: median(seconds) / one for name, seconds in taken.items()}
            run.report.note("decision", max(views.values()), must=MOST)
            rows.append((f"round {turn + 1}", 1000 * one, *views.values()))
    table("One decision (bare views)", ("", "one bare view (ms)", *ASKED), rows)


def _session(person: Person) -> str:
    """The reference of a session on a phone that is open."""
    now = timezone.now()
    row = Session.objects.create(
        key=secrets.token_hex(32),
        token=secrets.token_hex(32),
        user_id=person.id,
        platform="mobile_ios",
        method="sms",
        opened_at=now,
        seen_at=now,
        idle_seconds=36_000,
        expires_at=now + timedelta(hours=10),
    )
    return row.key[:12]


def _asked(
    web: int, people: list[Person], sessions: dict[int, str], name: str, times: int
) -> Iterator[float]:
    caller = requests.Session()
    caller.trust_env = False
    caller.headers["Authorization"] = f"Bearer {TOKEN}"
    for turn in range(times):
        person = people[turn % len(people)]
        account = f"U{5_000_000 + int(person.username.removeprefix('client'))}"
        body = {"session": sessions[person.id], "account": account, **ASKED[name]}
        begun = time.monotonic()
        answer = caller.post(f"http://127.0.0.1:{web}/api/v1/decisions", json=body, timeout=60)
        taken = time.monotonic() - begun
        if answer.status_code != 200 or answer.json()["outcome"] != OUTCOMES[name]:
            raise Unexpected(f"{name}: {answer.status_code} {answer.text[:200]}")
        yield taken
