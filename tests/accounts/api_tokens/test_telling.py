"""What time does to tokens."""

from datetime import timedelta

import pytest

from accounts.api_tokens import services, telling
from accounts.api_tokens.rules import LIVES
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import SYSTEM
from tests.programs import call, fresh, issue

pytestmark = pytest.mark.django_db


def told(user, event: Event) -> int:
    return Entry.objects.filter(user=user, event=event).count()


def test_a_long_one_is_announced_a_day_before_and_once(alice, clock):
    issued = issue(alice, life=LIVES["7d"])
    clock.move_to(issued.row.expires_at - timedelta(hours=24, seconds=1), tick=False)
    assert telling.tell() == 0
    clock.shift(1)
    assert [telling.tell(), telling.tell()] == [1, 0]
    assert told(alice, Event.API_TOKEN_ENDS) == 1


@pytest.mark.parametrize("life", ["1h", "24h"])
def test_a_short_one_is_not(alice, life):
    issue(alice, life=LIVES[life])
    assert telling.tell() == 0
    assert told(alice, Event.API_TOKEN_ENDS) == 0


def test_a_renewed_one_is_announced_again(alice, clock):
    issued = issue(alice, life=LIVES["7d"])
    clock.move_to(issued.row.expires_at - timedelta(hours=1))
    assert telling.tell() == 1
    services.renew(row=issued.row, origin=SYSTEM)
    assert telling.tell() == 0
    clock.move_to(fresh(issued.row).expires_at - timedelta(hours=1))
    assert telling.tell() == 1


def test_the_end_is_told_once(alice, clock):
    issued = issue(alice)
    clock.move_to(issued.row.expires_at, tick=False)
    assert [telling.tell(), telling.tell()] == [1, 0]
    assert told(alice, Event.API_TOKEN_LAPSED) == 1
    assert fresh(issued.row).lapsed_at is not None


def test_of_a_revoked_one_nothing_is_told(alice, clock):
    issued = issue(alice, life=LIVES["7d"])
    services.revoke(row=issued.row, why="owner", origin=SYSTEM)
    clock.shift(timedelta(days=6, hours=12))
    assert telling.tell() == 0
    clock.shift(timedelta(days=2))
    assert telling.tell() == 0


def test_the_handle_pauses_automation_by_the_clock(client, alice, sign_in, clock):
    sign_in(client, alice)
    issued = issue(alice, life=LIVES["90d"])
    services.set_handle(user_id=alice.pk, days=14, origin=SYSTEM)
    clock.shift(timedelta(days=13, hours=23))
    telling.tell()
    alice.refresh_from_db()
    assert alice.automation_stopped_at is None
    assert call(issued.text).status_code == 200
    clock.shift(timedelta(hours=2))
    assert [telling.tell(), telling.tell()] == [1, 0]
    alice.refresh_from_db()
    assert alice.automation_stopped_at is not None
    assert told(alice, Event.AUTOMATION_PAUSED) == 1
    assert call(issued.text).json()["reason"] == "stopped"


def test_without_a_handle_nothing_pauses(alice, clock):
    clock.shift(timedelta(days=400))
    telling.tell()
    alice.refresh_from_db()
    assert alice.automation_stopped_at is None
