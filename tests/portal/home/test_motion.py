"""What is in motion: each kind in words, with its end and its one action; what is over is gone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.client_accounts.models import Membership, Role
from accounts.client_accounts.services import grant
from accounts.contacts import services as contacts
from accounts.holds import services as holds
from accounts.ip_restrictions.models import Restriction
from accounts.origin import SYSTEM
from accounts.transactions import services as transactions
from accounts.transactions.models import Kind
from portal.home import motion, timeline
from portal.home.timeline import Outcome
from tests.journeys.home_pages import everything
from tests.sql import counted_queries


@pytest.fixture
def moving(client, alice, sign_in):
    """Alice, signed in, with one of everything in motion."""
    sign_in(client, alice)
    contacts.add_phone(user_id=alice.pk, typed="+14155550177", origin=SYSTEM)
    everything(alice)
    alice.refresh_from_db()
    return client


def test_says_each_thing_once_with_a_place_to_go(moving, alice):
    found = motion.of_user(alice)
    expected = {"hold", "trial", "change", "recovery", "card", "door", "token", "travel"}
    assert {one.code for one in found} == expected
    assert len({(one.label, one.text) for one in found}) == len(found)
    assert all(reverse(one.url) and one.action for one in found)


def test_what_ends_first_stands_first(moving, alice):
    ends = [one.ends for one in motion.of_user(alice) if one.ends]
    assert ends == sorted(ends)


def test_what_is_over_is_gone(moving, alice):
    later = timezone.now() + timedelta(days=90)
    # A card and a recovery end by being dealt with, not by a time.
    assert {one.code for one in motion.of_user(alice, later)} == {"card", "recovery"}


def test_shows_nothing_of_others(moving, bob):
    assert motion.of_user(bob) == []


def test_an_entry_that_leaves_can_be_kept(moving, alice):
    at = timezone.now() + timedelta(hours=1)
    Restriction.objects.update(state="active", turns_at=at)
    found = [one for one in motion.of_user(alice) if one.code == "leaving"]
    assert [(one.action, one.ends) for one in found] == [("Keep it", at)]


def test_what_a_freeze_holds_has_no_end_and_comes_first(moving, alice):
    with transaction.atomic():
        entry = audit.record(Event.PASSWORD_SET, user=audit.lock(alice.pk), origin=SYSTEM)
        holds.freeze(entry=entry, trading="none")
    first, *_others = motion.of_user(alice)
    assert (first.code, first.ends, first.url) == ("hold", None, "holds")


def test_home_costs_one_query_beside_the_session_with_everything_in_motion(moving):
    moving.get("/")
    with counted_queries(most=2):
        page = moving.get("/").content.decode()
    assert "Emergency door" in page
    assert "Security card" in page


@pytest.mark.parametrize(("url", "most"), [("/timeline/", 6), ("/privileges/", 7), ("/holds/", 6)])
def test_the_pages_beside_it_are_lean_too(moving, url, most):
    moving.get(url)
    with counted_queries(most=most):
        assert moving.get(url).status_code == 200


class TestTimeline:
    FIRST = date(2026, 11, 1)

    def test_draws_a_mark_for_each_day_and_outcome(self):
        days = [(Outcome.DONE, self.FIRST), *[(Outcome.REFUSED, date(2026, 11, 30))] * 5]
        done, unusual, refused = timeline.lanes(days, first=self.FIRST)
        assert [(mark.x, mark.size, mark.count) for mark in done.marks] == [("1.67%", 1, 1)]
        assert unusual.marks == []
        assert [(mark.x, mark.size, mark.count) for mark in refused.marks] == [("98.33%", 3, 5)]

    def test_says_the_same_as_a_list(self, client, alice, sign_in):
        client.post("/login/", {"username": "alice", "password": "wrong"})
        sign_in(client, alice)
        shown = timeline.of_user(alice)
        assert sum(lane.count for lane in shown.lanes) == len(shown.entries) >= 1
        page = client.get("/timeline/").content.decode()
        assert page.count("I do not recognise this") == len(shown.entries)

    def test_counts_days_where_the_reader_is(self, client, alice, sign_in):
        sign_in(client, alice)
        entry = datetime.now(UTC)
        with timezone.override("Pacific/Kiritimati"):
            assert timeline.of_user(alice).last == timezone.localdate(entry)


@pytest.mark.parametrize(("role", "codes"), [(Role.OWNER, ["shared"]), (Role.SECURITY_OFFICER, [])])
def test_what_another_owner_has_to_answer_is_told_to_owners_alone(
    client, alice, bob, sign_in, role, codes
):
    grant(account=Membership.objects.get(user=alice).account, user=bob, role=role)
    asked = transactions.Flagged(
        kind=Kind.WITHDRAWAL,
        what="To a new bank account",
        account="U1000001",
        amount=Decimal(9000),
        currency="USD",
        at=timezone.now(),
    )
    transactions.flag(user_id=alice.pk, flagged=asked, origin=SYSTEM)
    assert [one.code for one in motion.of_user(bob)] == codes
    assert [one.code for one in motion.of_user(alice)] == ["hold"]
    sign_in(client, bob)
    said = "Wait until the owner of U1000001 has told us whether a transaction was theirs."
    pages = ["/holds/", "/settings/security/limits/", "/privileges/"]
    found = [said in client.get(page).content.decode() for page in pages]
    # Of their own account the map of privileges says what goes on there.
    assert found == [role is Role.OWNER] * 2 + [False]
