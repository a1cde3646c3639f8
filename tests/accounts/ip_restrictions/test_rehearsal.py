"""What a list would have done with the sign-ins there were."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.ip_restrictions import networks
from accounts.ip_restrictions.models import Restriction
from accounts.ip_restrictions.rehearsal import SHOWN, rehearse
from accounts.ip_restrictions.rules import Decision, State
from accounts.origin import Origin
from accounts.users.models import User
from tests.accounts.ip_restrictions.lists import draft, known_browser, restrict
from tests.tampering import tampering

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed_in(user: User, address: str, *, days: int = 1, event: Event = Event.SIGNED_IN) -> None:
    """An entry of the record as a sign-in writes it, of some days ago."""
    origin = Origin(address=address, agent=FIREFOX)
    entry = audit.record(event, user=audit.lock(user.pk), origin=origin, detail={"session": ""})
    with tampering():
        Entry.objects.filter(pk=entry.pk).update(at=timezone.now() - timedelta(days=days))


def test_counts_those_that_would_have_passed_and_names_the_others(alice):
    for _ in range(38):
        signed_in(alice, "203.0.113.7")
    for day in (2, 4, 6):
        signed_in(alice, "193.136.0.9", days=day, event=Event.SIGNED_IN_NEW_DEVICE)
    draft(alice, "203.0.113.0/24")
    found = rehearse(alice)
    assert (found.passed, found.total, found.missed) == (38, 41, 3)
    miss = found.misses[0]
    assert (miss.address, miss.country, miss.agent) == ("193.136.0.9", "Portugal", FIREFOX)
    assert miss.why is Decision.ADDRESS
    assert miss.at > found.misses[1].at


def test_looks_back_ninety_days_and_at_completed_sign_ins_only(alice):
    signed_in(alice, "198.51.100.1", days=91)
    signed_in(alice, "198.51.100.1", event=Event.SIGN_IN_REFUSED)
    signed_in(alice, "198.51.100.1", event=Event.SIGN_IN_STARTED)
    draft(alice, "203.0.113.7")
    assert rehearse(alice).total == 0


def test_looks_at_nobody_else(alice, bob):
    signed_in(bob, "198.51.100.1")
    draft(alice, "203.0.113.7")
    assert rehearse(alice).total == 0


def test_takes_what_is_in_force_and_what_is_drafted_together(alice):
    restrict(alice, "203.0.113.7")
    signed_in(alice, "203.0.113.7")
    signed_in(alice, "198.51.100.1")
    draft(alice, "198.51.100.0/24")
    assert rehearse(alice).missed == 0


def test_shows_what_the_list_would_do_without_an_entry(alice):
    restrict(alice, "203.0.113.7", "198.51.100.1")
    signed_in(alice, "203.0.113.7")
    signed_in(alice, "198.51.100.1")
    without = Restriction.objects.get(network="198.51.100.1")
    assert rehearse(alice, without=without).missed == 1


def test_finds_the_browser_of_a_sign_in_by_its_session(client, alice, sign_in):
    sign_in(client, alice)
    known, other = alice.known_devices.get(), known_browser(alice, "other")
    entry = Restriction(
        user=alice, browser=other, platform="web", set_by=alice, made_at=timezone.now()
    )
    with tampering():
        entry.save()
    assert rehearse(alice).misses[0].why is Decision.BROWSER
    Restriction.objects.update(browser=known)
    assert rehearse(alice).missed == 0


def test_says_how_many_more_there_are(alice):
    for _ in range(SHOWN + 2):
        signed_in(alice, "198.51.100.1")
    draft(alice, "203.0.113.7")
    found = rehearse(alice)
    assert (len(found.misses), found.unshown) == (SHOWN, 2)


def test_takes_under_a_tenth_of_a_second_with_ten_thousand_entries(alice, counted_queries):
    for place in range(180):
        signed_in(alice, f"203.0.113.{place}", days=place // 2)
    rows = []
    for number in range(10_000):
        network = networks.parse(f"60.{number // 250}.{number % 250}.0/24", private=False)
        row = Restriction(user=alice, set_by=alice, made_at=timezone.now(), state=State.PENDING)
        row.put(network)
        rows.append(row)
    Restriction.objects.bulk_create(rows, batch_size=1000)
    with counted_queries(most=4):
        assert rehearse(alice).missed == 180
    taken = []
    for _ in range(7):
        begun = time.thread_time()  # a busy machine is not what is measured
        rehearse(alice)
        taken.append(time.thread_time() - begun)
    assert min(taken) < 0.1
