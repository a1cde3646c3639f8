"""What the decision costs, and that nothing old is decided by."""

import pytest

from accounts.audit.models import Entry
from accounts.ip_restrictions import deciding, door, services
from accounts.ip_restrictions.models import Restriction
from accounts.ip_restrictions.rules import State
from accounts.origin import Origin
from accounts.users.models import User
from tests.accounts.ip_restrictions.lists import HOME, HOTEL, draft, known_browser, restrict

pytestmark = pytest.mark.django_db


def test_costs_no_query_without_restrictions(alice, counted_queries):
    with counted_queries(0):
        assert deciding.decide(user=alice, origin=HOTEL).is_let_in


def test_costs_one_query_and_then_none(alice, counted_queries):
    restrict(alice, "203.0.113.7")
    with counted_queries(1):
        deciding.decide(user=alice, origin=HOME)
    with counted_queries(0):
        assert not deciding.decide(user=alice, origin=HOTEL).is_let_in


def test_costs_one_query_with_a_list_of_browsers(alice, counted_queries):
    known = known_browser(alice, "hers")
    restrict(alice, "203.0.113.7")
    Restriction.objects.create(
        user=alice, browser=known, platform="web", state=State.ACTIVE, set_by=alice,
        made_at=known.first_at,
    )  # fmt: skip
    alice.restrictions = "another"
    here = Origin(address="203.0.113.7", device=known.digest)
    for _ in range(2):
        with counted_queries(1):
            assert deciding.decide(user=alice, origin=here).is_let_in


def test_a_change_counts_at_the_next_request(alice):
    restrict(alice, "203.0.113.7")
    assert not deciding.decide(user=alice, origin=HOTEL).is_let_in
    draft(alice, "198.51.100.20")
    services.apply(user=alice, by=alice, origin=HOME)
    alice.refresh_from_db()
    assert deciding.decide(user=alice, origin=HOTEL).is_let_in


def test_lists_of_two_users_are_apart(alice, bob):
    restrict(alice, "203.0.113.7")
    restrict(bob, "198.51.100.20")
    for _ in range(2):
        assert not deciding.decide(user=alice, origin=HOTEL).is_let_in
        assert deciding.decide(user=bob, origin=HOTEL).is_let_in


def test_holds_no_more_lists_than_it_should(alice, bob, monkeypatch):
    monkeypatch.setattr(deciding, "KEPT", 1)
    restrict(alice, "203.0.113.7")
    restrict(bob, "198.51.100.20")
    for user in (alice, bob, alice):
        deciding.decide(user=user, origin=HOME)
        assert len(deciding._kept) == 1


def test_an_exception_lets_nobody_in(alice, monkeypatch):
    """authentik, CVE-2024-47070: a policy that fell over was skipped."""
    restrict(alice, "203.0.113.7")

    def broken(*args: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(deciding, "entries", broken)
    with pytest.raises(ArithmeticError):
        deciding.decide(user=alice, origin=HOME)


class TestDoor:
    def test_lets_its_address_in_for_half_an_hour(self, alice, clock):
        restrict(alice, "203.0.113.7")
        door.use(self.locked(alice), origin=HOTEL)
        user = User.objects.get(pk=alice.pk)
        assert deciding.decide(user=user, origin=HOTEL).is_let_in
        assert not deciding.decide(user=user, origin=Origin(address="198.51.100.21")).is_let_in
        assert door.standing(user).address == HOTEL.address
        clock.shift(1800)
        assert not deciding.decide(user=user, origin=HOTEL).is_let_in
        assert door.standing(user).address == ""

    def test_lets_one_address_in_at_a_time(self, alice):
        restrict(alice, "203.0.113.7")
        door.use(self.locked(alice), origin=HOTEL)
        door.use(self.locked(alice), origin=Origin(address="198.51.100.21"))
        user = User.objects.get(pk=alice.pk)
        assert not deciding.decide(user=user, origin=HOTEL).is_let_in

    def test_is_shut_at_once_and_puts_out_whoever_is_inside(self, alice):
        restrict(alice, "203.0.113.7")
        door.use(self.locked(alice), origin=HOTEL)
        door.shut(user=alice, by=alice, origin=HOME)
        user = User.objects.get(pk=alice.pk)
        assert not door.standing(user).works
        assert not deciding.decide(user=user, origin=HOTEL).is_let_in

    def test_opens_again_after_a_day(self, alice, clock):
        door.shut(user=alice, by=alice, origin=HOME)
        door.reopen(user=alice, by=alice, origin=HOME)
        user = User.objects.get(pk=alice.pk)
        assert not door.standing(user).works
        assert door.standing(user).opens_at is not None
        clock.shift(24 * 3600)
        assert door.standing(user).works

    def test_stays_shut_when_that_is_cancelled(self, alice, clock):
        door.shut(user=alice, by=alice, origin=HOME)
        door.reopen(user=alice, by=alice, origin=HOME)
        door.shut(user=alice, by=alice, origin=HOME)
        clock.shift(48 * 3600)
        assert not door.standing(User.objects.get(pk=alice.pk)).works

    def test_is_written_down_once_however_often_it_is_shut(self, alice):
        for _ in range(3):
            door.shut(user=alice, by=alice, origin=HOME)
        assert Entry.objects.filter(user=alice, event="door.shut").count() == 1

    def test_asking_twice_makes_it_no_sooner_and_no_later(self, alice, clock):
        door.shut(user=alice, by=alice, origin=HOME)
        door.reopen(user=alice, by=alice, origin=HOME)
        at = User.objects.get(pk=alice.pk).door_shut_until
        clock.shift(3600)
        door.reopen(user=alice, by=alice, origin=HOME)
        assert User.objects.get(pk=alice.pk).door_shut_until == at

    @staticmethod
    def locked(user: User) -> User:
        return User.objects.select_for_update(no_key=True).get(pk=user.pk)
