"""Drafted entries decide nothing, and each is there once."""

import pytest

from accounts.ip_restrictions import deciding, drafting, services
from accounts.ip_restrictions.models import Restriction
from accounts.ip_restrictions.networks import Refused, Unfit
from accounts.ip_restrictions.rules import Refusal, State
from accounts.origin import Origin
from accounts.users.models import User
from tests.accounts.ip_restrictions.lists import HOME, HOTEL, draft, known_browser, restrict

pytestmark = pytest.mark.django_db


def add(user: User, typed: str = "203.0.113.7", **more: object):
    facts = {"label": "", "platform": "all", "by": user, "origin": HOME} | more
    return drafting.add_network(user=user, typed=typed, **facts)


def test_a_draft_decides_nothing(alice):
    draft(alice, "203.0.113.7")
    alice.refresh_from_db()
    assert deciding.decide(user=alice, origin=HOTEL).is_let_in


def test_keeps_the_one_spelling_and_the_label(alice):
    row = add(alice, "2001:DB8:0::/32", label=" The  office ")
    row.refresh_from_db()
    assert (row.network, row.label, row.state) == ("2001:db8::/32", "The office", State.PENDING)


def test_says_why_something_is_no_entry(alice):
    assert add(alice, "203.0.113.7/24") == Refused(Unfit.HOST_BITS, "203.0.113.0/24")
    assert not Restriction.objects.exists()


def test_takes_the_same_network_once_for_a_platform(alice):
    add(alice)
    assert add(alice, "::ffff:203.0.113.7") is Refusal.DUPLICATE
    assert isinstance(add(alice, platform="tws"), Restriction)


def test_takes_the_same_network_for_two_users(alice, bob):
    add(alice)
    assert isinstance(add(bob), Restriction)


def test_takes_it_again_after_it_was_removed(alice):
    restrict(alice, "203.0.113.7")
    Restriction.objects.update(state=State.REMOVED)
    assert isinstance(add(alice), Restriction)


@pytest.mark.parametrize("label", ["x" * 41, "a\x00b", "right\u202eleft"])
def test_refuses_a_label_that_is_too_long_or_invisible(alice, label):
    assert add(alice, label=label) is Refusal.LABEL


def test_refuses_a_platform_that_is_none(alice):
    assert add(alice, platform="toaster") is Refusal.PLATFORM


def test_refuses_more_than_a_list_holds(alice, settings):
    settings.RESTRICTIONS_MAX = 1
    add(alice)
    assert add(alice, "203.0.113.8") is Refusal.FULL


def test_takes_private_networks_only_from_within_one(alice):
    assert add(alice, "192.168.1.7") == Refused(Unfit.PRIVATE)
    at_work = Origin(address="10.0.0.5")
    assert isinstance(add(alice, "192.168.1.7", origin=at_work), Restriction)


def test_drops_drafts_only(alice):
    restrict(alice, "203.0.113.7")
    draft(alice, "203.0.113.8")
    active, pending = Restriction.objects.order_by("pk")
    assert not drafting.drop(user=alice, entry=active.pk)
    assert drafting.drop(user=alice, entry=pending.pk)
    assert Restriction.objects.get() == active


def test_drops_nothing_of_somebody_else(alice, bob):
    draft(alice, "203.0.113.7")
    assert not drafting.drop(user=bob, entry=Restriction.objects.get().pk)


class TestBrowser:
    def add(self, user: User, known: int):
        return drafting.add_browser(user=user, browser=known, label="", by=user)

    def test_takes_a_known_one_once(self, alice):
        known = known_browser(alice, "hers")
        assert isinstance(self.add(alice, known.pk), Restriction)
        assert self.add(alice, known.pk) is Refusal.DUPLICATE

    def test_refuses_one_of_somebody_else(self, alice, bob):
        assert self.add(alice, known_browser(bob, "his").pk) is Refusal.NO_BROWSER

    def test_stays_closed_when_the_browser_is_forgotten(self, alice):
        known = known_browser(alice, "hers")
        self.add(alice, known.pk)
        here = Origin(address="203.0.113.7", device=known.digest)
        assert services.apply(user=alice, by=alice, origin=here) is None
        known.delete()
        alice.refresh_from_db()
        assert not deciding.decide(user=alice, origin=here).is_let_in
