"""Ceilings as an owner sets them, over HTTP and beneath."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.ceilings import services
from accounts.ceilings.models import Ceiling
from accounts.ceilings.rules import Ceilings, Kind
from accounts.ceilings.services import Done, NotOwner
from accounts.client_accounts.models import ClientAccount, Role
from accounts.client_accounts.services import grant
from accounts.freeze.models import How, Trading
from accounts.freeze.services import freeze
from accounts.origin import SYSTEM
from accounts.outbox.models import Channel, Message
from accounts.users.models import User
from tests.attacks.tools import at_once

pytestmark = pytest.mark.django_db
PATH = "/settings/trading/ceilings/"
MINE = f"{PATH}U1000001/"
D = Decimal


def account() -> ClientAccount:
    return ClientAccount.objects.get(number="U1000001")


def put(user: User, *, proven: bool = False, **wanted: int | None) -> Done:
    return services.change(
        account=account(),
        wanted={Kind(kind): None if one is None else D(one) for kind, one in wanted.items()},
        by=user.pk,
        origin=SYSTEM,
        proven=proven,
    )


def held() -> Ceilings:
    with transaction.atomic():
        return services.in_force("U1000001", now=timezone.now())


def events(user: User) -> list[str]:
    mine = Entry.objects.filter(user=user, event__startswith="ceiling.").order_by("number")
    return list(mine.values_list("event", flat=True))


def test_less_holds_at_once_and_is_told(alice, counted_queries):
    assert put(alice, order=50_000, position=100_000, margin=40).lowered == list(Kind)
    assert held() == Ceilings(D(50_000), D(100_000), D(40))
    assert events(alice) == [Event.CEILING_LOWERED] * 3
    assert Message.objects.filter(name="ceiling", channel=Channel.EMAIL).count() == 3
    now = timezone.now()
    with counted_queries(most=1):
        services.in_force("U1000001", now=now)


def test_more_takes_a_proof_and_a_day_and_can_be_kept(alice, clock):
    put(alice, order=50_000)
    assert put(alice, order=60_000) == Done([], [], [Kind.ORDER])
    assert put(alice, order=None) == Done([], [], [Kind.ORDER])
    assert put(alice, order=60_000, proven=True).raised == [Kind.ORDER]
    assert held().order == 50_000
    told = Message.objects.filter(name="ceiling_raises")
    assert {one.channel for one in told} == {Channel.EMAIL, Channel.SMS}
    clock.shift(24 * 3600 - 60)
    assert held().order == 50_000
    clock.shift(60)
    assert held().order == 60_000
    put(alice, order=None, proven=True)
    assert services.keep(account=account(), by=alice.pk, origin=SYSTEM) is True
    assert services.keep(account=account(), by=alice.pk, origin=SYSTEM) is False
    clock.shift(24 * 3600)
    assert held().order == 60_000
    kept = [Event.CEILING_LOWERED, Event.CEILING_RAISES, Event.CEILING_RAISES, Event.CEILING_KEPT]
    assert events(alice) == kept


def test_every_owner_is_told_and_any_of_them_keeps_it(alice, bob):
    grant(account=account(), user=bob, role=Role.OWNER)
    put(alice, order=50_000)
    put(alice, order=60_000, proven=True)
    assert events(bob) == events(alice) == [Event.CEILING_LOWERED, Event.CEILING_RAISES]
    theirs = Entry.objects.filter(user=bob, event=Event.CEILING_RAISES).get()
    assert theirs.actor == "user:alice"
    assert services.keep(account=account(), by=bob.pk, origin=SYSTEM) is True


@pytest.mark.parametrize("role", [None, Role.TRADER, Role.VIEWER, Role.SECURITY_OFFICER])
def test_only_an_owner_changes_or_sees_them(alice, bob, client, sign_in, role):
    if role:
        grant(account=account(), user=bob, role=role)
    for proven in (False, True):
        with pytest.raises(NotOwner):
            put(bob, order=1, proven=proven)
    with pytest.raises(NotOwner):
        services.keep(account=account(), by=bob.pk, origin=SYSTEM)
    sign_in(client, bob)
    assert "U1000001" not in client.get(PATH).content.decode()
    assert client.get(MINE).status_code == 404
    assert client.post(MINE, {"order": "1"}).status_code == 404
    assert client.post(f"{MINE}keep/").status_code == 404
    assert not Ceiling.objects.exists()


def test_a_freeze_drops_what_was_to_rise(alice, clock):
    put(alice, order=50_000)
    put(alice, order=None, proven=True)
    freeze(user_id=alice.pk, origin=SYSTEM, how=How.LINK, trading=Trading.NOTHING)
    clock.shift(25 * 3600)
    assert held().order == 50_000
    assert events(alice)[-1] == Event.CEILING_KEPT
    assert audit.verify(alice) is None


@pytest.fixture
def browser(client, alice, sign_in):
    sign_in(client, alice)
    return client


def test_the_form_lowers_and_asks_before_it_raises(browser, alice):
    assert (
        browser.post(MINE, {"order": "50,000", "position": "", "margin": "40"}).status_code == 302
    )
    assert held() == Ceilings(D(50_000), None, D(40))
    answer = browser.post(MINE, {"order": "60000", "position": "9", "margin": "40"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "USD 60,000.00" in page
    assert f'action="{MINE}raise/"' in page
    # What is lower holds already, whether or not the proof is given.
    assert held() == Ceilings(D(50_000), D(9), D(40))
    sent = browser.post(f"{MINE}raise/", {"order": "60000", "position": "9", "margin": "40"})
    assert sent.status_code == 302
    assert "/step-up/" in sent["Location"] or "confirm" in sent["Location"], sent["Location"]
    assert held().order == 50_000
    assert not Ceiling.objects.filter(turns_at__isnull=False).exists()


@pytest.mark.parametrize(
    "typed", ["-1", "NaN", "1e9", "Infinity", "1.001", "0x10", "١٢", "1" * 13, "five", "+5"]
)
def test_what_is_no_number_sets_nothing(browser, typed):
    answer = browser.post(MINE, {"order": typed, "position": "5", "margin": ""})
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert not Ceiling.objects.exists()


def test_margin_is_a_hundred_at_most(browser):
    assert browser.post(MINE, {"margin": "100.01"}).status_code == 200
    assert not Ceiling.objects.exists()
    assert browser.post(MINE, {"margin": "100"}).status_code == 302


def test_a_list_of_many_accounts_costs_the_same(browser, alice, counted_queries):
    put(alice, order=1)
    browser.get(PATH)
    with counted_queries() as few:
        browser.get(PATH)
    for number in range(20):
        made = ClientAccount.objects.create(number=f"U20000{number:02}", entity="US")
        grant(account=made, user=alice, role=Role.OWNER)
    with counted_queries(most=len(few)):
        assert browser.get(PATH).content.decode().count("U20000") >= 20


@pytest.mark.django_db(transaction=True)
def test_of_raises_and_lowerings_at_once_nothing_rises_and_the_record_is_whole(alice, bob):
    grant(account=account(), user=bob, role=Role.OWNER)
    put(alice, order=50_000)

    def act(number: int) -> None:
        user = (alice, bob)[number % 2]
        if number % 3 == 0:
            services.keep(account=account(), by=user.pk, origin=SYSTEM)
        else:
            put(user, order=50_000 + 1000 * number if number % 3 == 1 else 40_000, proven=True)

    at_once(30, act)
    assert held().order == 40_000
    row = Ceiling.objects.get()
    assert row.turns_at is None or row.turns_at > timezone.now() + timedelta(hours=23)
    assert audit.verify(alice) is None
    assert audit.verify(bob) is None
