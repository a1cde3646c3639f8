"""What a sign-in may ask of database and Redis (SPEED G4, G5, G6, G17)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.audit.services import lock, record
from accounts.challenges.models import Challenge
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.ip_restrictions import deciding
from accounts.ip_restrictions.models import Restriction
from accounts.ip_restrictions.rules import State
from accounts.origin import SYSTEM, digest
from accounts.outbox.hooks import taking
from accounts.outbox.models import Message
from accounts.sessions.models import KnownDevice, Session
from accounts.users.models import User
from sls.login.models import Attempt
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.device import Authenticator
from sls.methods.dsc_plus.models import Card
from sls.methods.sms.models import PhoneDevice
from sls.policy.models import Policy
from tests.accounts.ip_restrictions.lists import restrict
from tests.bench import counts
from tests.bench.counting import grow
from tests.cast import CODE, PASSWORD, SEED, app_device, begin, card_device, code_set, response

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = [
    "/",
    "/settings/",
    "/settings/communication/",
    "/settings/login/",
    "/settings/communication/phones/",
    "/settings/communication/emails/",
    "/settings/security/limits/",
    "/settings/security/what-if/",
    "/settings/security/opt-back-in/",
    "/settings/security/sls/",
    "/settings/security/sessions/",
    "/settings/security/sessions/browsers/",
    "/settings/security/ip/",
    "/settings/security/travel/",
    "/settings/account/users/",
    "/settings/communication/check/",
    "/settings/login/password/",
    "/help/",
    "/statements/",
]
MANY = 20


@pytest.fixture
def at_home(client, alice) -> Client:
    """Alice's browser, in which she has signed in before."""
    now = timezone.now()
    client.cookies["device"] = "hers"
    KnownDevice.objects.create(
        user=alice, digest=digest("hers"), agent="", first_at=now, last_at=now
    )
    counts.sign_in(client, alice.username, PASSWORD)  # connections are open from here on
    return client


def more_of_everything(user: User) -> None:
    """Twenty of all that a user can gather, without another way to sign in."""
    grow(user)
    now = timezone.now()
    PhoneDevice.objects.bulk_create(
        PhoneDevice(user=user, name="old", confirmed=False, revoked_at=now, number_index=f"{place}")
        for place in range(MANY)
    )
    PhoneNumber.objects.bulk_create(
        PhoneNumber(user=user, number=f"+1212555{place:04}", created_at=now, verified_at=now)
        for place in range(100, 100 + MANY)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, address=f"{place}@example.com", created_at=now, verified_at=now)
        for place in range(MANY)
    )


def statements(costs: dict[str, counts.Cost]) -> dict[str, int]:
    return {step: len(cost.sql) for step, cost in costs.items()}


def test_each_step_of_a_sign_in_stays_within_its_statements(at_home, alice):
    found = statements(counts.sign_in(at_home, alice.username, PASSWORD))
    assert {step: found[step] for step, most in counts.BY_SMS.items() if found[step] > most} == {}


def chosen(client: Client, device: Authenticator) -> str:
    """A sign-in that asks for ``device``, as the last one here did; returns where its code goes."""
    KnownDevice.objects.update(authenticator=device.persistent_id)
    client.post("/logout/")
    url = begin(client)
    client.post(f"{url}method/", {"device": device.persistent_id})
    return f"{url}answer/"


def used_here(device: Authenticator) -> Authenticator:
    """The browser at home knows it as the one that worked there last: nothing new to remember."""
    KnownDevice.objects.update(authenticator=device.persistent_id)
    return device


def test_a_code_of_an_app_stays_within_the_statements_of_any_code(at_home, alice, counted_queries):
    url = chosen(at_home, used_here(app_device(alice)))
    with counted_queries(most=counts.SQL["code"]):
        assert at_home.post(url, {"code": f"{totp(SEED):06d}"}).status_code == 302


def test_a_response_of_a_card_stays_within_the_statements_of_any_code(
    at_home, alice, counted_queries
):
    url = chosen(at_home, used_here(card_device(alice)))
    right = response(Challenge.objects.latest("created_at"))
    with counted_queries(most=counts.SQL["code"]):
        assert at_home.post(url, {"code": right}).status_code == 302


def test_a_challenge_costs_the_same_at_any_number_of_them(at_home, alice, counted_queries):
    device = used_here(card_device(alice))
    attempts = [begin(at_home) for _ in range(3)]
    seen = []
    for issued, attempt in zip((0, 5_000, 90_000), attempts, strict=True):
        Card.objects.update(issued=issued)
        with counted_queries(most=10) as sql:
            at_home.post(f"{attempt}method/", {"device": device.persistent_id})
        seen.append(len(sql))
    assert len(set(seen)) == 1


def test_the_list_of_authenticators_does_not_grow_with_cards(at_home, alice, counted_queries):
    with counted_queries() as few:
        at_home.get("/settings/security/sls/")
    for number in range(1, 4):
        card_device(alice, serial=f"DSC100000{number}")
    with counted_queries() as many:
        at_home.get("/settings/security/sls/")
    assert len(many) <= len(few), f"{few}\n\n{many}"


def test_a_backup_code_and_telling_its_owner_stays_within_the_statements_of_any_code(
    at_home, alice, counted_queries
):
    url = chosen(at_home, used_here(code_set(alice)))
    before = Message.objects.count()
    with counted_queries(most=counts.SQL["code"]):
        assert at_home.post(url, {"code": f"{CODE}A"}).status_code == 302
    assert Message.objects.count() == before + 2


def test_another_authenticator_than_last_time_is_remembered_with_one_statement_more(
    at_home, alice, counted_queries
):
    url = chosen(at_home, app_device(alice))
    with counted_queries(most=counts.SQL["code"] + 1):
        assert at_home.post(url, {"code": f"{totp(SEED):06d}"}).status_code == 302


def test_no_request_of_a_sign_in_goes_to_redis_more_than_eight_times(at_home, alice):
    costs = counts.sign_in(at_home, alice.username, PASSWORD)
    assert {step: c.trips for step, c in costs.items() if len(c.trips) > counts.TRIPS} == {}


def test_the_code_goes_to_the_queue_with_one_trip(at_home, alice):
    costs = counts.sign_in(at_home, alice.username, PASSWORD)
    assert [costs[step].trips.count("LPUSH") for step in ("password", "resend")] == [1, 1]


def test_a_sign_in_does_not_grow_with_what_the_user_gathered(at_home, alice):
    before = statements(counts.sign_in(at_home, alice.username, PASSWORD))
    more_of_everything(alice)
    assert statements(counts.sign_in(at_home, alice.username, PASSWORD)) == before


@pytest.mark.parametrize("page", PAGES)
def test_a_page_does_not_grow_with_what_it_shows(at_home, alice, page, counted_queries):
    with counted_queries() as few:
        assert at_home.get(page).status_code == 200
    more_of_everything(alice)
    with counted_queries() as many:
        assert at_home.get(page).status_code == 200
    assert len(many) <= len(few), f"{few}\n\n{many}"


def choosing_costs(client: Client, device: Authenticator, code: str) -> dict[str, int]:
    """Statements of each step of a sign-in with several ways."""
    made: dict[str, object] = {}

    def step(name: str, request: Callable[[], object], status: int) -> object:
        answer, made[name] = counts.measured(request)
        assert answer.status_code == status, f"{name}: {answer.status_code}"
        return answer

    client.cookies.pop("sid", None)
    fields = {"username": "alice", "password": PASSWORD}
    path = step("password", lambda: client.post("/login/", fields), 302)["Location"]
    step("chooser", lambda: client.get(path), 200)
    chosen = {"device": device.persistent_id}
    step("choice", lambda: client.post(f"{path}method/", chosen), 302)
    step("answer page", lambda: client.get(path), 200)
    AppDevice.objects.update(last_step=-1)
    step("code", lambda: client.post(f"{path}answer/", {"code": code}), 302)
    return statements(made)


def test_the_chooser_takes_ten_statements_and_the_code_eleven_however_many(at_home, alice):
    app = app_device(alice)
    few = choosing_costs(at_home, app, f"{totp(SEED):06d}")
    assert max(few[step] for step in ("password", "chooser", "choice", "answer page")) <= 10
    assert few["code"] <= counts.SQL["code"]
    for place in range(MANY):
        app_device(alice, f"App {place}")
    assert choosing_costs(at_home, app, f"{totp(SEED):06d}") == few


def test_policies_cost_a_sign_in_nothing(at_home, alice):
    before = statements(counts.sign_in(at_home, alice.username, PASSWORD))
    for subject in ({"user": alice}, {"role": "client"}, {"role": "owner"}, {"entity": "US"}):
        begins = timezone.now().date() + timedelta(days=20)
        Policy.objects.create(begins=begins, made_at=timezone.now(), **subject)
    assert statements(counts.sign_in(at_home, alice.username, PASSWORD)) == before


def test_the_chooser_does_not_grow_with_the_authenticators(client, alice, counted_queries):
    app_device(alice)
    with counted_queries() as few:
        client.get(begin(client))
    for place in range(MANY):
        app_device(alice, f"App {place}")
    with counted_queries() as many:
        client.get(begin(client))
    assert len(many) == len(few), f"{few}\n\n{many}"


def test_an_audit_entry_costs_the_same_at_any_length_of_the_chain(alice, counted_queries):
    def append() -> list[str]:
        from django.db import transaction

        taking.forget()  # which endpoints there are is read anew after seconds
        with counted_queries() as seen, transaction.atomic():
            record(Event.SIGNED_OUT, user=lock(alice.pk), origin=SYSTEM)
        return list(seen)

    few = append()
    grow(alice)
    assert len(append()) == len(few)


def list_with_a_browser(user: User) -> None:
    """Such a list is read for every request: a browser may be forgotten at any time."""
    restrict(user, "127.0.0.0/24", "203.0.113.7")
    known = user.known_devices.get()
    Restriction.objects.create(
        user=user, browser=known, state=State.ACTIVE, set_by=user, made_at=timezone.now()
    )
    deciding._kept.clear()


@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize("state", ["fresh", "touched", "locked"])
def test_all_middleware_together_takes_three_statements_at_most(
    at_home, alice, clock, state, restricted, counted_queries
):
    """The page of help asks for nothing itself."""
    if restricted:
        list_with_a_browser(alice)
    if state == "touched":
        clock.shift(61)
    elif state == "locked":
        at_home.post("/lock/")
    with counted_queries(most=3) as seen:
        assert at_home.get("/help/").status_code == (302 if state == "locked" else 200)
    assert restricted == any("accounts_restriction" in one for one in seen)


def test_a_look_at_the_form_writes_nothing(db, counted_queries):
    tables = (Attempt, Entry, Message, Session)
    with counted_queries(0):
        assert Client().get("/login/").status_code == 200
    assert not any(table.objects.exists() for table in tables)
    stored = [cache._cache.get_client(None).dbsize() for cache in caches.all()]
    assert not any(stored)
