"""Who hears of a freeze and of its end: every address and number, once, with the reference."""

import pytest

from accounts.freeze import services
from accounts.freeze.models import How, Trading
from accounts.origin import Origin
from accounts.outbox.models import Channel, Message
from tests.accounts.freeze.test_services import stop

pytestmark = pytest.mark.django_db
ORIGIN = Origin(address="203.0.113.7", agent="Firefox")


def told(name: str) -> dict[str, str]:
    """What was sent under this name, by where it went."""
    return {one.to: str(one.content()) for one in Message.objects.filter(name=name)}


def test_every_address_and_number_hears_of_the_freeze(alice):
    made = stop(alice)
    found = told("frozen")
    assert set(found) == {"alice@example.com", "+14155550101"}
    assert all(made.shown in text for text in found.values())
    assert "Positions may only be closed" not in found["alice@example.com"]


def test_the_mail_says_what_of_the_trading_stops(alice):
    stop(alice, trading=Trading.CLOSE_ONLY)
    assert "Positions may only be closed." in told("frozen")["alice@example.com"]


def test_a_second_freeze_writes_nothing_but_what_is_new(alice):
    stop(alice)
    stop(alice)
    assert Message.objects.filter(name="frozen", channel=Channel.EMAIL).count() == 1
    assert not told("trading_stopped")
    stop(alice, trading=Trading.NONE)
    assert "no trading at all" in told("trading_stopped")["alice@example.com"]


def test_every_address_hears_that_somebody_wants_to_go_on_and_that_it_was_stopped(alice):
    stop(alice)
    services.ask_to_thaw(user_id=alice.pk, origin=ORIGIN)
    assert set(told("thaw_asked")) == {"alice@example.com", "+14155550101"}
    stop(alice)
    assert "stays stopped" in told("thaw_stopped")["alice@example.com"]


def test_every_address_hears_that_everything_goes_on(alice):
    stop(alice)
    services.thaw(user_id=alice.pk, origin=ORIGIN, by="staff:sam+tess")
    assert set(told("thawed")) == {"alice@example.com", "+14155550101"}


def test_in_japanese_it_is_told_in_japanese(dai):
    services.freeze(user_id=dai.pk, origin=ORIGIN, how=How.LINK, trading=Trading.NOTHING)
    assert "停止" in told("frozen")["dai@example.com"]
