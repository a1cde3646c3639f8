"""What staff do with a client's card: replaced, another PIN, unblocked, shared after a look."""

import pytest
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import Origin
from accounts.outbox.models import Channel, Message
from accounts.users.models import User
from accounts.users.two import NotTwo
from sls.cards import clearing, losing, orders, pins, replacing, sharing
from sls.cards.models import Allowance
from sls.cards.rules import Refusal, Why
from sls.methods import unblocking
from sls.methods.dsc_plus.models import Card, Charge
from sls.methods.handing import Unsent
from tests.cast import PIN, app_device, card_device, online_card, person

DESK = Origin(address="198.51.100.9")
STAFF = {"origin": DESK, "actor": "staff:sam"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def tess(db):
    return person("tess", staff=True)


@pytest.fixture
def two(sam, tess):
    return (sam, tess)


@pytest.fixture
def held(alice, card):
    """USD 20 are held for Alice's card."""
    owned = alice.memberships.get().account
    return Charge.objects.create(
        card=card.card,
        account=owned,
        user=alice,
        kind=Charge.Kind.HELD,
        amount_usd=20,
        why="issued",
        at=timezone.now(),
    )


def entry(event: Event) -> Entry:
    return Entry.objects.get(event=event)


def charged() -> bool:
    return Charge.objects.filter(kind=Charge.Kind.CHARGED).exists()


def replace(card, why):
    return replacing.replace(device=card, why=why, reason="T-1", **STAFF)


@pytest.mark.parametrize("why", [Why.LOST, Why.STOLEN])
def test_what_is_gone_signs_nobody_in_and_is_charged(alice, card, held, why):
    assert replace(card, why) is None
    card.card.refresh_from_db()
    assert card.card.lost_at is not None
    assert charged()
    assert entry(Event.CARD_LOST).actor == "staff:sam"
    assert entry(Event.CARD_GIVEN_UP).detail["why"] == why


def test_an_empty_battery_costs_nothing(alice, card, held):
    assert replace(card, Why.BATTERY) is None
    assert not charged()
    card.card.refresh_from_db()
    assert card.card.works


def test_the_holder_may_then_request_another_whatever_they_own(alice, card, held):
    alice.memberships.get().account.__class__.objects.update(equity=1)
    assert orders.refusal(alice.pk) is Refusal.NOT_ELIGIBLE
    replace(card, Why.DAMAGED)
    assert Allowance.objects.filter(user=alice).exists()
    assert orders.refusal(alice.pk) is None
    assert Message.objects.filter(user=alice, name="card_given_up").exists()


def test_a_card_is_charged_once(alice, card, held):
    replace(card, Why.DAMAGED)
    replace(card, Why.LOST)
    assert Charge.objects.filter(kind=Charge.Kind.CHARGED).count() == 1


def test_neither_a_shared_card_nor_one_that_came_back_is_replaced(alice, bob, card):
    assert replace(card_device(bob, shared=True), Why.LOST) is Refusal.NO_CARD
    Card.objects.update(returned_at=timezone.now())
    card.refresh_from_db()
    assert replace(card, Why.DAMAGED) is Refusal.GIVEN_UP


def test_staff_report_a_card_as_lost(alice, card):
    assert losing.report_lost(device=card, **STAFF) is None
    assert entry(Event.CARD_LOST).actor == "staff:sam"


def reset(card, by, delivery=Channel.SMS):
    return pins.reset(device=card, by=by, delivery=delivery, reason="T-1", origin=DESK)


def test_another_pin_goes_to_the_holder_and_is_the_cards(alice, card, two, caplog):
    Card.objects.update(failures=10, disabled_at=timezone.now())
    assert reset(card, two) is None
    card.card.refresh_from_db()
    pin = card.card.open_pin()
    assert pin != PIN
    assert (card.card.failures, card.card.disabled_at) == (0, None)
    sent = Message.objects.get(name="card_pin")
    assert sent.to == "+14155550101"
    assert pin in sent.content()["text"]
    found = entry(Event.CARD_PIN_RESET)
    assert found.actor == "staff:sam+tess"
    assert pin not in repr(found.detail)
    assert pin not in caplog.text
    told = Message.objects.filter(name="card_pin_changed")
    assert told.exists()
    assert not any(f" {pin}" in str(one.content()) for one in told)


def test_another_pin_takes_two_persons(card, sam):
    with pytest.raises(NotTwo):
        reset(card, (sam, sam))
    card.card.refresh_from_db()
    assert card.card.open_pin() == PIN


def test_no_other_pin_where_none_can_be_told(alice, card, two):
    alice.phonenumbers.update(sim_swapped_at=timezone.now())
    assert reset(card, two) is Unsent.NO_NUMBER
    card.card.refresh_from_db()
    assert card.card.open_pin() == PIN


def test_no_other_pin_for_a_card_that_is_lost(card, two):
    Card.objects.update(lost_at=timezone.now())
    assert reset(card, two) is Refusal.GIVEN_UP


def unblock(user, device, by):
    return unblocking.unblock(user=user, device=device, by=by, reason="T-1", origin=DESK)


def test_a_disabled_card_answers_again_for_every_name(alice, bob, card, two):
    other = card_device(bob, shared=True)
    card.failures, card.disabled_at = 10, timezone.now()
    card.save()
    Card.objects.update(failures=10, disabled_at=timezone.now())
    assert unblock(alice, card.persistent_id, two)
    for one in (card, other):
        one.refresh_from_db()
        one.card.refresh_from_db()
        assert one.may_prove
        assert one.card.failures == 0
    found = entry(Event.DEVICE_UNBLOCKED)
    assert (found.actor, found.user) == ("staff:sam+tess", alice)
    assert Message.objects.filter(user=alice, name="authenticator_unblocked").exists()


def test_so_does_any_other_authenticator(alice, two):
    device = app_device(alice)
    type(device).objects.update(failures=20, disabled_at=timezone.now())
    assert unblock(alice, device.persistent_id, two)
    device.refresh_from_db()
    assert (device.failures, device.may_prove) == (0, True)
    assert not unblock(alice, device.persistent_id, two)


@pytest.mark.parametrize("device", ["", "sls.appdevice/x", "sls.appdevice/999", "auth.user/1"])
def test_what_is_not_there_is_not_unblocked(alice, two, device):
    assert not unblock(alice, device, two)


def test_nobody_elses_authenticator_is_unblocked(alice, bob, two):
    device = app_device(bob)
    type(device).objects.update(failures=20, disabled_at=timezone.now())
    assert not unblock(alice, device.persistent_id, two)


def test_unblocking_takes_two_persons(alice, sam):
    device = app_device(alice)
    type(device).objects.update(failures=20, disabled_at=timezone.now())
    with pytest.raises(NotTwo):
        unblock(alice, device.persistent_id, (sam,))
    device.refresh_from_db()
    assert device.failures == 20


def shared(alice, bob):
    return sharing.begin(user=bob, holder=alice, session="a" * 64, origin=DESK)


def test_sharing_is_possible_once_staff_have_made_sure(alice, bob, card, clock):
    assert shared(alice, bob) is Refusal.NOT_SAME_PERSON
    assert clearing.clear(user=bob, holder=alice, reason="T-1, passport seen", **STAFF)
    assert not isinstance(shared(alice, bob), Refusal)
    found = entry(Event.SHARING_CLEARED)
    assert (found.user, found.detail["with"]) == (bob, "alice")
    clock.shift(clearing.LIFE)
    assert shared(alice, bob) is Refusal.NOT_SAME_PERSON


def test_it_holds_for_this_pair_and_this_direction(alice, bob, card):
    clearing.clear(user=alice, holder=bob, reason="T-1", **STAFF)
    assert shared(alice, bob) is Refusal.NOT_SAME_PERSON


def test_it_is_taken_back(alice, bob, card):
    clearing.clear(user=bob, holder=alice, reason="T-1", **STAFF)
    assert clearing.withdraw(user=bob, holder=alice, reason="T-2", **STAFF)
    assert shared(alice, bob) is Refusal.NOT_SAME_PERSON
    assert not clearing.withdraw(user=bob, holder=alice, reason="T-2", **STAFF)


def test_it_is_not_said_of_one_name_of_staff_or_of_whoever_is_gone(alice, bob, sam):
    User.objects.filter(pk=bob.pk).update(is_active=False)
    bob.refresh_from_db()
    for user, holder in [(alice, alice), (sam, alice), (alice, sam), (bob, alice)]:
        assert not clearing.clear(user=user, holder=holder, reason="T-1", **STAFF)


def test_a_temporary_device_still_bars_it(alice, bob, card):
    clearing.clear(user=bob, holder=alice, reason="T-1", **STAFF)
    online_card(bob)
    assert shared(alice, bob) is Refusal.TEMPORARY
