"""The link in a mail: whose it is, for how long, and what makes it worth nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.utils import timezone

from accounts.contacts.models import EmailAddress
from accounts.freeze import links
from accounts.freeze.links import Over
from accounts.freeze.services import thaw
from accounts.origin import SYSTEM
from accounts.users.models import User
from tests.accounts.freeze.test_services import stop

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TO = "alice@example.com"


def token(user, *, to: str = TO, ago: timedelta = timedelta(0)) -> str:
    return links.token(user, to=to, at=timezone.now() - ago)


def test_it_leads_to_our_address_and_names_nobody(alice, settings):
    found = links.url(alice, to=TO, at=timezone.now())
    assert found.startswith(f"{settings.PUBLIC_BASE_URL}/freeze/link/")
    assert "alice" not in found


def test_it_tells_whose_it_is(alice):
    told = links.read(token(alice))
    assert (told.user, told.masked, told.over) == (alice, "a...@example.com", None)
    assert links.read(token(alice, to="Alice@Example.com")).over is None


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + "x", lambda t: "x" + t, lambda t: t.split(":")[0], lambda _: ""]
)
def test_an_altered_one_is_none_of_ours(alice, change):
    assert links.read(change(token(alice))) is None


def test_a_signature_for_something_else_is_none(alice):
    facts = [alice.pk, links._mark(TO), int(timezone.now().timestamp())]
    assert links.read(signing.Signer(salt="accounts.contacts.undo").sign_object(facts)) is None
    assert links.read(signing.Signer(salt=links.SALT).sign_object(facts[:2])) is None


def test_parts_of_two_links_make_no_third(alice, bob):
    mine, theirs = token(alice).split(":"), token(bob, to="bob@example.com").split(":")
    assert links.read(":".join([mine[0], *theirs[1:]])) is None


def test_it_lives_for_thirty_days(alice):
    assert links.read(token(alice, ago=30 * DAY - timedelta(minutes=1))).over is None
    assert links.read(token(alice, ago=30 * DAY)).over is Over.OLD


def test_the_address_of_somebody_else_is_not_theirs(alice, bob):
    assert links.read(token(alice, to="bob@example.com")).over is Over.GONE


def test_an_address_that_was_taken_off_the_list_may_still_object(alice):
    """Above all to that: a thief takes it off first."""
    EmailAddress.objects.filter(user=alice).update(removed_at=timezone.now(), primary=False)
    assert links.read(token(alice)).over is None


def test_one_that_was_added_lately_may_not_once_it_is_gone(alice):
    now = timezone.now()
    EmailAddress.objects.create(
        user=alice,
        address="thief@example.com",
        created_at=now,
        verified_at=now,
        trusted_from=now + 3 * DAY,
    )
    mine = token(alice, to="thief@example.com")
    assert links.read(mine).over is None
    EmailAddress.objects.filter(address="thief@example.com").update(removed_at=now)
    assert links.read(mine).over is Over.GONE


def test_an_unverified_address_may_not(alice):
    EmailAddress.objects.create(user=alice, address="new@example.com", created_at=timezone.now())
    assert links.read(token(alice, to="new@example.com")).over is Over.GONE


def test_one_from_before_the_owner_came_back_is_worth_nothing(alice):
    before = token(alice)
    stop(alice)
    assert links.read(before).over is None
    with time_machine.travel(timezone.now() + DAY, tick=False):
        thaw(user_id=alice.pk, origin=SYSTEM, by="staff:sam+tess")
        assert links.read(before).over is Over.BACK
        assert links.read(token(alice)).over is None


def test_a_closed_user_has_no_link(alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert links.read(token(alice)) is None


def test_making_one_costs_no_query(alice, counted_queries):
    with counted_queries(0):
        token(alice)
