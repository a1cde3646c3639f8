"""From the maker's delivery to the client."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.client_accounts.models import ClientAccount
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.vault import CannotOpen
from portal import demo_cards
from sls.algorithms import pskc
from sls.algorithms.pskc import Token, Unreadable
from sls.methods.dsc_plus import stock
from sls.methods.dsc_plus.models import Card, CardDevice, Charge, Order
from sls.methods.dsc_plus.stock import CannotShip
from tests.cast import CARD_SEED, PIN, SUITE

pytestmark = pytest.mark.django_db
KEY = b"k" * 16


def delivery(**seeds: bytes) -> bytes:
    return demo_cards.delivery(seeds or {"DSC1": CARD_SEED, "DSC2": b"2" * 32}, KEY)


def take_in(container: bytes, key: bytes = KEY) -> list[Card]:
    tokens = pskc.read(container, key=key)
    return stock.import_tokens(tokens, origin=SYSTEM, actor="staff:command")


def refusal(container: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        take_in(container)
    assert not Card.objects.exclude(serial="KEPT").exists()
    return "\n".join(caught.value.problems)


def test_takes_a_delivery_and_seals_its_seeds_anew():
    cards = take_in(delivery())
    assert [card.serial for card in cards] == ["DSC1", "DSC2"]
    card = Card.objects.get(serial="DSC1")
    assert card.open_seed() == CARD_SEED
    assert CARD_SEED not in bytes(card.seed)
    entry = Entry.objects.get(event=Event.CARDS_IMPORTED)
    assert entry.detail == {"cards": 2, "first": "DSC1", "last": "DSC2"}
    assert entry.user is None


def test_a_seed_opens_only_in_its_own_row():
    one, two = take_in(delivery())
    one.seed = two.seed
    with pytest.raises(CannotOpen):
        one.open_seed()


def altered(pattern: bytes, by: bytes, count: int = 1) -> bytes:
    container, found = re.subn(pattern, by, delivery(), count=count, flags=re.S)
    assert found
    return container


@pytest.mark.parametrize(
    ("container", "says"),
    [
        (altered(rb"<ValueMAC>.{8}", b"<ValueMAC>AAAAAAAA"), "MAC does not match"),
        (altered(rb"EncryptedValue>", b"PlainValue>", count=0), "not encrypted"),
        (altered(rb"<ValueMAC>.*?</ValueMAC>", b""), "no MAC"),
        (altered(rb"QN06-PSHA256", b"QN08-PSHA256"), "six digits with eight"),
        (altered(rb"<Suite>.*?</Suite>", b""), "no OCRA suite"),
        (altered(rb"DSC2", b"DSC1", count=0), "twice"),
        (delivery(DSC1=b"short"), "5 bytes"),
        (
            altered(
                rb"<KeyContainer", b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///x">]><KeyContainer'
            ),
            "DTD or entities",
        ),
        (b"<" + b"x" * pskc.MAX_BYTES, "larger than"),
        (b"", "well-formed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_takes_all_of_a_delivery_or_nothing(container, says):
    assert says in refusal(container)


def test_names_every_card_that_is_there_already():
    take_in(delivery())
    with pytest.raises(Unreadable) as caught:
        take_in(delivery(DSC2=b"3" * 32, DSC3=b"3" * 32, DSC1=b"3" * 32))
    assert sorted(caught.value.problems) == ["DSC1: in stock already", "DSC2: in stock already"]
    assert Card.objects.count() == 2
    assert Card.objects.get(serial="DSC1").open_seed() == CARD_SEED


def test_takes_nothing_when_a_card_turns_up_twice_at_the_last_moment():
    token = Token("DSC1", "", SUITE, CARD_SEED, 0)
    with pytest.raises(Unreadable, match="in stock already"):
        stock.import_tokens([token, token], origin=SYSTEM, actor="staff:command")
    assert not Card.objects.exists()


@pytest.fixture
def order(alice) -> Order:
    """Alice has confirmed her request for a card."""
    now = timezone.now()
    made = Order(
        user=alice,
        account=ClientAccount.objects.get(number="U1000001"),
        created_at=now,
        confirmed_at=now,
    )
    made.put("address", "1 Harbour Street")
    made.put("pin", PIN)
    made.save()
    return made


def ship(user, serial: str = "DSC1") -> CardDevice:
    return stock.ship(serial=serial, user=user, origin=SYSTEM, actor="staff:command")


def test_sends_a_card_with_the_pin_that_the_client_chose(alice, order, settings):
    take_in(delivery())
    device = ship(alice)
    card = Card.objects.get(serial="DSC1")
    assert (device.card, device.confirmed) == (card, False)
    assert device.name == "Digital Security Card+ …DSC1"
    assert card.open_pin() == PIN
    order.refresh_from_db()
    assert (order.card, order.pin) == (card, None)
    assert order.opened("address") == "1 Harbour Street"
    held = Charge.objects.get()
    assert (held.kind, held.amount_usd, held.account.number) == ("held", Decimal(20), "U1000001")


def test_tells_the_client_from_when_the_card_is_in_use(alice, order, clock):
    clock.move_to("2026-11-26T02:00:00Z")  # still the 25th in New York
    take_in(delivery())
    ship(alice)
    entry = Entry.objects.get(event=Event.CARD_SHIPPED)
    assert entry.detail["in_use_from"] == "2026-12-09"
    assert Message.objects.get(name="card_shipped").to == "alice@example.com"


def shipped_to(user, serial: str) -> str:
    with pytest.raises(CannotShip) as caught:
        ship(user, serial)
    return str(caught.value)


def test_sends_nothing_that_nobody_has_ordered(alice):
    take_in(delivery())
    assert shipped_to(alice, "DSC1") == "alice has no open order for a card"


def test_sends_nothing_on_a_request_that_was_not_confirmed(alice, order):
    take_in(delivery())
    Order.objects.update(confirmed_at=None)
    assert "no open order" in shipped_to(alice, "DSC1")


def test_sends_no_card_twice_and_none_that_is_not_there(alice, bob, order):
    take_in(delivery())
    assert shipped_to(alice, "DSC9") == "there is no card DSC9 in stock"
    ship(alice)
    assert "no open order" in shipped_to(alice, "DSC1")
    Order.objects.update(shipped_at=None, user=bob)
    assert shipped_to(bob, "DSC1") == "card DSC1 was shipped already"
    assert CardDevice.objects.count() == 1


def ordered(user, at=None) -> Order:
    order = Order(user=user, account=user.memberships.get().account, created_at=timezone.now())
    order.put("pin", PIN)
    order.put("address", "1 Harbour Street")
    order.confirmed_at = at or timezone.now()
    order.save()
    return order


STAFF = {"origin": SYSTEM, "actor": "staff:sam"}


def test_a_card_is_set_aside_for_a_request_and_then_sent(alice):
    take_in(delivery())
    ordered(alice)
    assert [one.serial for one in stock.free()] == ["DSC1", "DSC2"]
    stock.assign(serial="DSC2", user=alice, **STAFF)
    assert [one.serial for one in stock.free()] == ["DSC1"]
    with pytest.raises(CannotShip, match="DSC2 is set aside for this request"):
        stock.ship(serial="DSC1", user=alice, **STAFF)
    assert stock.ship(serial="DSC2", user=alice, **STAFF).card.serial == "DSC2"
    assert not stock.to_ship().exists()


def test_a_card_that_is_set_aside_goes_to_nobody_else(alice, bob):
    take_in(delivery())
    ordered(alice)
    ordered(bob)
    stock.assign(serial="DSC1", user=alice, **STAFF)
    for verb in (stock.assign, stock.ship):
        with pytest.raises(CannotShip, match="set aside for alice"):
            verb(serial="DSC1", user=bob, **STAFF)


def test_setting_another_one_aside_frees_the_first(alice):
    take_in(delivery())
    ordered(alice)
    stock.assign(serial="DSC1", user=alice, **STAFF)
    stock.assign(serial="DSC2", user=alice, **STAFF)
    assert [one.serial for one in stock.free()] == ["DSC1"]
    stock.unassign(user=alice, **STAFF)
    assert stock.free().count() == 2
    with pytest.raises(CannotShip, match="no card is set aside"):
        stock.unassign(user=alice, **STAFF)


def test_nothing_is_set_aside_without_a_request(alice):
    take_in(delivery())
    with pytest.raises(CannotShip, match="no open order"):
        stock.assign(serial="DSC1", user=alice, **STAFF)


def test_the_oldest_request_is_the_first_to_ship(alice, bob):
    first = ordered(bob, at=timezone.now() - timedelta(days=1))
    second = ordered(alice)
    assert list(stock.to_ship()) == [first, second]
