"""The counted goals in a run of the bench, with the same counters as the tests."""

from django.apps import apps
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import SYSTEM
from accounts.sessions.models import KnownDevice, Session
from accounts.users.models import User
from tests.bench.counts import SQL, TRIPS, Cost, sign_in
from tests.bench.people import PASSWORD, Person
from tests.bench.report import Report, table
from tests.bench.rounds import Run

MANY = 20
G4 = ("form", "password", "code", "landing", "resend")


def measure(run: Run) -> None:
    """One counted run in this process; no worker runs, so that every trip is the portal's."""
    person, grown = run.people[0], run.people[1]
    browser = _client(person)  # one, for it keeps the token of its last sign-in
    sign_in(browser, person.username, PASSWORD)  # connections and templates are there
    costs = sign_in(browser, person.username, PASSWORD)
    grow(User.objects.get(pk=grown.id))
    after = sign_in(_client(grown), grown.username, PASSWORD)
    _print(run.report, costs, after)
    _form_writes(run.report)


def _client(person: Person) -> Client:
    client = Client(headers={"host": "localhost"})
    client.cookies["device"] = person.device
    return client


def grow(user: User) -> None:
    """Twenty sessions, known browsers and audit entries more."""
    from django.db import transaction

    now = timezone.now()
    Session.objects.bulk_create(
        Session(
            key=f"{user.pk:032}{place:032}",
            token=f"{user.pk:032}{place:032}",
            user=user,
            device="sls.phonedevice/0",
            method="sms",
            address="192.0.2.1",
            agent="",
            opened_at=now,
            seen_at=now,
            idle_seconds=900,
            expires_at=now,
        )
        for place in range(MANY)
    )
    KnownDevice.objects.bulk_create(
        KnownDevice(user=user, digest=f"{place:064}", agent="", first_at=now, last_at=now)
        for place in range(MANY)
    )
    with transaction.atomic():
        locked = audit.lock(user.pk)
        for _ in range(MANY):
            audit.record(Event.SIGNED_OUT, user=locked, origin=SYSTEM)


def _print(report: Report, costs: dict[str, Cost], after: dict[str, Cost]) -> None:
    table(
        "Statements and trips to Redis",
        ("step", "SQL", f"SQL with {MANY} of each", "Redis", "commands"),
        [
            (step, len(cost.sql), len(after[step].sql), len(cost.trips), " ".join(cost.trips))
            for step, cost in costs.items()
        ],
    )
    value = "/".join(str(len(costs[step].sql)) for step in G4)
    must = "/".join(str(SQL[step]) for step in G4)
    met = all(len(costs[step].sql) <= most for step, most in SQL.items())
    report.verdict("G4", value, must, met=met)
    trips = max(len(cost.trips) for cost in costs.values())
    report.verdict("G5", str(trips), str(TRIPS), met=trips <= TRIPS)
    more = sum(len(after[step].sql) - len(cost.sql) for step, cost in costs.items())
    report.verdict("G6", f"{more:+}", "0", met=more <= 0)


def _form_writes(report: Report) -> None:
    before = _rows()
    for _ in range(MANY):
        Client(headers={"host": "localhost"}).get("/login/")
    written = _rows() - before
    report.verdict("G17", str(written), "0", met=written == 0)


def _rows() -> int:
    """Rows in all tables, and keys in the caches."""
    rows = sum(model.objects.count() for model in apps.get_models() if model._meta.managed)
    links = (cache._cache.get_client(None) for cache in caches.all(initialized_only=False))
    return rows + sum(link.dbsize() for link in links)
