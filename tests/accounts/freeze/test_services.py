"""A freeze ends everything at once, happens once, and goes with the thaw."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.freeze import services
from accounts.freeze.models import Freeze, How, Trading
from accounts.freeze.services import TooEarly, freeze, is_frozen, thaw
from accounts.holds import services as holds
from accounts.holds.models import What
from accounts.origin import Origin
from accounts.references import read
from accounts.sessions.models import End, Session

pytestmark = pytest.mark.django_db
ORIGIN = Origin(address="203.0.113.7", agent="Firefox")
DAY = timedelta(hours=24)


def stop(user, *, trading=Trading.NOTHING, **more) -> Freeze:
    made = freeze(user_id=user.pk, origin=ORIGIN, how=How.PAGE, trading=trading, **more)
    user.refresh_from_db()
    return made


def held(user) -> set[str]:
    running = holds.live(timezone.now()).filter(user=user)
    return set(running.values_list("what", flat=True))


def recorded(user, event) -> Entry:
    return Entry.objects.filter(user=user, event=event).latest("number")


def test_it_is_written_with_a_reference_that_people_can_read(alice):
    made = stop(alice)
    assert is_frozen(alice)
    assert services.live(alice.pk) == made
    assert read(made.shown) == made.reference
    assert (made.address, made.agent) == ("203.0.113.7", "Firefox")


def test_it_ends_every_session_and_says_how_many(client, alice, sign_in):
    sign_in(client, alice)
    made = stop(alice)
    assert not Session.objects.filter(user=alice, ended_at=None).exists()
    assert Session.objects.get(user=alice).ended_why == End.FROZEN
    assert made.counts["sessions"] == 1
    assert recorded(alice, Event.FROZEN).detail["counts"]["sessions"] == 1


def test_the_record_names_how_and_what(client, alice, sign_in):
    sign_in(client, alice)
    entry = recorded(alice, Event.SIGNED_IN_NEW_DEVICE)
    made = stop(alice, trading=Trading.NONE, entry=entry)
    detail = recorded(alice, Event.FROZEN).detail
    assert detail | {"counts": {}} == {
        "reference": made.reference,
        "how": "page",
        "trading": "none",
        "about": entry.number,
        "counts": {},
    }


def test_a_second_time_it_is_the_same_one(alice):
    first = stop(alice)
    again = stop(alice)
    assert again.pk == first.pk
    assert Entry.objects.filter(user=alice, event=Event.FROZEN).count() == 1


@pytest.mark.parametrize(
    ("first", "second", "then"),
    [
        (Trading.NOTHING, Trading.NONE, Trading.NONE),
        (Trading.NOTHING, Trading.CLOSE_ONLY, Trading.CLOSE_ONLY),
        (Trading.NONE, Trading.NOTHING, Trading.NONE),
        (Trading.CLOSE_ONLY, Trading.NOTHING, Trading.CLOSE_ONLY),
    ],
)
def test_a_second_time_it_may_stop_more_of_the_trading_and_never_less(alice, first, second, then):
    stop(alice, trading=first)
    assert stop(alice, trading=second).trading == then
    assert services.live(alice.pk).trading == then


@pytest.mark.parametrize(
    ("trading", "more"),
    [
        (Trading.NOTHING, set()),
        (Trading.CLOSE_ONLY, {What.OPENING}),
        (Trading.NONE, {What.OPENING, What.TRADING}),
    ],
)
def test_it_holds_money_instructions_settings_and_what_was_chosen(alice, trading, more):
    stop(alice, trading=trading)
    assert held(alice) == {What.WITHDRAWALS, What.BANK, What.SETTINGS} | more


def test_what_is_held_waits_without_an_end_until_the_thaw(alice):
    stop(alice)
    with time_machine.travel(timezone.now() + timedelta(days=400), tick=False):
        assert held(alice) == {What.WITHDRAWALS, What.BANK, What.SETTINGS}
        thaw(user_id=alice.pk, origin=ORIGIN, by="staff:sam+tess")
        assert held(alice) == set()


def test_the_owner_waits_a_day_after_the_proof(alice):
    stop(alice)
    with pytest.raises(TooEarly):
        thaw(user_id=alice.pk, origin=ORIGIN, by="self")
    at = services.ask_to_thaw(user_id=alice.pk, origin=ORIGIN)
    assert services.ask_to_thaw(user_id=alice.pk, origin=ORIGIN) == at
    with time_machine.travel(at - timedelta(minutes=1), tick=False), pytest.raises(TooEarly):
        thaw(user_id=alice.pk, origin=ORIGIN, by="self")
    with time_machine.travel(at, tick=False):
        thaw(user_id=alice.pk, origin=ORIGIN, by="self")
    alice.refresh_from_db()
    assert not is_frozen(alice)
    assert services.live(alice.pk) is None


def test_saying_it_again_takes_back_the_wish_to_go_on(alice):
    stop(alice)
    services.ask_to_thaw(user_id=alice.pk, origin=ORIGIN)
    assert stop(alice).thaw_asked_at is None
    assert recorded(alice, Event.THAW_STOPPED)
    with time_machine.travel(timezone.now() + 2 * DAY, tick=False), pytest.raises(TooEarly):
        thaw(user_id=alice.pk, origin=ORIGIN, by="self")


def test_two_of_staff_do_not_wait(alice):
    made = stop(alice)
    thaw(user_id=alice.pk, origin=ORIGIN, by="staff:sam+tess", reason="T-1")
    made.refresh_from_db()
    assert made.thawed_by == "staff:sam+tess"
    entry = recorded(alice, Event.THAWED)
    assert (entry.actor, entry.detail["reason"]) == ("staff:sam+tess", "T-1")


def test_a_thaw_of_nothing_is_nothing(alice):
    thaw(user_id=alice.pk, origin=ORIGIN, by="self")
    assert services.ask_to_thaw(user_id=alice.pk, origin=ORIGIN) is None
    assert not Entry.objects.filter(user=alice, event=Event.THAWED).exists()


def test_it_can_happen_again_after_a_thaw(alice):
    first = stop(alice)
    thaw(user_id=alice.pk, origin=ORIGIN, by="staff:sam+tess")
    assert stop(alice).pk != first.pk


def test_the_neighbour_goes_on(client, alice, bob, sign_in):
    sign_in(client, bob)
    stop(alice)
    bob.refresh_from_db()
    assert not is_frozen(bob)
    assert held(bob) == set()
    assert Session.objects.filter(user=bob, ended_at=None).exists()
