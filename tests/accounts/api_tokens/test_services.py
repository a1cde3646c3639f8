"""Issuing, renewing, narrowing, ending, and the switch."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.api_tokens import services
from accounts.api_tokens.models import ApiToken, Call
from accounts.api_tokens.rules import Scope, read
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import SYSTEM
from tests.programs import DAY, TOKEN, call, fresh, issue

pytestmark = pytest.mark.django_db


def entries(user, event: Event) -> list[dict]:
    return [one.detail for one in Entry.objects.filter(user=user, event=event).order_by("number")]


def test_an_issued_token_is_stored_by_its_hash_and_recorded(alice):
    issued = issue(alice, scopes=[Scope.ACCOUNT], networks=["203.0.113.0/24"])
    row = fresh(issued.row)
    assert read(issued.text) == (type(read(issued.text)))(row.public, row.digest)
    assert row.expires_at - row.created_at == DAY
    assert entries(alice, Event.API_TOKEN_ISSUED) == [
        {"name": "report", "scopes": ["account.read"]}
    ]


def test_no_more_than_the_owner_may_have_and_what_is_over_does_not_count(alice, bob, settings):
    settings.API_TOKENS_MOST = 2
    first = issue(alice)
    issue(alice)
    wish = {"name": "x", "scopes": [], "life": DAY, "networks": [], "origin": SYSTEM}
    assert services.create(user_id=alice.pk, **wish) is None
    issue(bob)
    services.revoke(row=first.row, why="owner", origin=SYSTEM)
    assert services.create(user_id=alice.pk, **wish) is not None


def test_a_renewal_changes_the_secret_and_keeps_the_rest(alice, clock):
    old = issue(alice, scopes=[Scope.ACTIVITY], life=timedelta(days=7), networks=["10.0.0.1"])
    clock.shift(DAY)
    new = services.renew(row=old.row, origin=SYSTEM)
    row = fresh(old.row)
    assert new.text != old.text
    assert (row.scopes, row.networks, row.name) == (["activity.read"], ["10.0.0.1"], "report")
    assert row.expires_at - row.created_at == timedelta(days=7)
    assert ApiToken.objects.count() == 1
    assert len(entries(alice, Event.API_TOKEN_RENEWED)) == 1


def test_what_is_over_is_not_renewed(alice, clock):
    revoked, ended = issue(alice), issue(alice)
    services.revoke(row=revoked.row, why="owner", origin=SYSTEM)
    clock.shift(DAY)
    assert services.renew(row=revoked.row, origin=SYSTEM) is None
    assert services.renew(row=ended.row, origin=SYSTEM) is None
    assert entries(alice, Event.API_TOKEN_RENEWED) == []


def test_narrowing_leaves_what_was_used(alice):
    issued = issue(alice, scopes=[Scope.ACCOUNT, Scope.ACTIVITY])
    call(issued.text)
    assert services.narrow(row=issued.row, origin=SYSTEM)
    assert fresh(issued.row).scopes == ["account.read"]
    assert not services.narrow(row=issued.row, origin=SYSTEM)
    assert len(entries(alice, Event.API_TOKEN_NARROWED)) == 1


def test_a_token_ends_once(alice, clock):
    issued, other = issue(alice), issue(alice)
    assert services.revoke(row=issued.row, why="owner", origin=SYSTEM)
    assert not services.revoke(row=issued.row, why="leaked", origin=SYSTEM)
    assert fresh(issued.row).revoked_why == "owner"
    clock.shift(DAY)
    assert not services.revoke(row=other.row, why="owner", origin=SYSTEM)
    assert [one["why"] for one in entries(alice, Event.API_TOKEN_REVOKED)] == ["owner"]


def test_all_of_an_owner_end_together_and_nobody_elses(alice, bob):
    mine, theirs = [issue(alice) for _ in range(3)], issue(bob)
    with transaction.atomic():
        locked = audit.lock(alice.pk)
        assert services.revoke_all(user=locked, why="frozen", origin=SYSTEM) == 3
        assert services.revoke_all(user=locked, why="frozen", origin=SYSTEM) == 0
    assert {call(one.text, TOKEN).status_code for one in mine} == {401}
    assert call(theirs.text, TOKEN).status_code == 200
    assert entries(alice, Event.API_TOKEN_REVOKED) == [{"why": "frozen", "tokens": 3}]


def test_the_switch_says_whether_it_moved(alice):
    moves = [services.stop_automation, services.resume_automation]
    got = [move(user_id=alice.pk, origin=SYSTEM) for move in moves for _ in range(2)]
    assert got == [True, False, True, False]
    assert len(entries(alice, Event.AUTOMATION_STOPPED)) == 1
    assert len(entries(alice, Event.AUTOMATION_RESUMED)) == 1


def test_the_handle(alice):
    assert services.set_handle(user_id=alice.pk, days=30, origin=SYSTEM)
    assert not services.set_handle(user_id=alice.pk, days=30, origin=SYSTEM)
    assert services.set_handle(user_id=alice.pk, days=None, origin=SYSTEM)
    assert entries(alice, Event.AUTOMATION_HANDLE) == [{"days": 30}, {"days": 0}]
    with pytest.raises(ValueError, match="no such handle"):
        services.set_handle(user_id=alice.pk, days=8, origin=SYSTEM)


def test_calls_of_long_ago_go(alice, settings, clock):
    settings.API_CALLS_KEEP_DAYS = 30
    issued = issue(alice, life=timedelta(days=90))
    call(issued.text)
    clock.shift(timedelta(days=29))
    call(issued.text)
    assert services.purge() == 0
    clock.shift(timedelta(days=2))
    assert services.purge() == 1
    assert Call.objects.count() == 1
