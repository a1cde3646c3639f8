"""Lost, and found again."""

import pytest
from django.test import Client

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import SYSTEM
from accounts.sessions.models import Session
from sls.cards import losing
from sls.cards.rules import Refusal
from sls.methods import registry
from sls.methods.dsc_plus.models import Card
from tests.cast import PIN, begin, card_device, response
from tests.sls.cards.conftest import CARD, newest, text


@pytest.fixture
def url(card) -> str:
    return f"{CARD}{card.pk}/"


@pytest.fixture
def lost(holder, url):
    assert holder.post(f"{url}lost/").status_code == 302
    return holder


def proves(user) -> bool:
    return any(row.method == "dsc_plus" for row in registry.devices(user.pk))


def test_it_stops_at_once_and_asks_for_no_proof(holder, url, alice):
    assert proves(alice)
    holder.post(f"{url}lost/")
    assert not proves(alice)
    assert Entry.objects.filter(event=Event.CARD_LOST, user=alice).count() == 1


def test_it_says_beforehand_what_is_charged(holder, url):
    page = text(holder.get(f"{url}lost/"))
    assert "only if the card is lost, stolen, damaged or not returned" in page
    assert "never for an empty battery" in page


def test_it_stops_for_every_user_name_of_the_card(holder, url, bob):
    card_device(bob, shared=True)
    holder.post(f"{url}lost/")
    assert not proves(bob)
    assert Entry.objects.filter(event=Event.CARD_LOST, user=bob).count() == 1


def test_a_session_of_whoever_has_the_card_ends_and_this_one_goes_on(holder, url, alice, card):
    thief = Client()
    place = begin(thief, "alice")
    thief.post(f"{place}method/", {"device": card.persistent_id})
    assert thief.post(f"{place}answer/", {"code": response(newest())}).status_code == 302
    holder.post(f"{url}lost/")
    assert thief.get("/").status_code == 302
    assert holder.get("/").status_code == 200
    assert Session.objects.filter(user=alice, ended_at=None).count() == 1


def test_a_challenge_that_was_out_is_over(holder, url, card):
    thief = Client()
    place = begin(thief, "alice")
    thief.post(f"{place}method/", {"device": card.persistent_id})
    holder.post(f"{url}lost/")
    thief.post(f"{place}answer/", {"code": response(newest())})
    assert thief.get("/").status_code == 302
    assert Card.objects.get().failures == 0


def test_reporting_it_twice_tells_once(lost, url, alice):
    lost.post(f"{url}lost/")
    assert Entry.objects.filter(event=Event.CARD_LOST, user=alice).count() == 1


def test_it_works_again_once_it_is_found_and_proven(lost, url, alice, prove):
    assert "I found it" in text(lost.get(f"{url}lost/"))
    prove(lost, f"{url}found/")
    assert proves(alice)
    assert Card.objects.get().open_pin() == PIN
    assert Entry.objects.filter(event=Event.CARD_FOUND, user=alice).count() == 1


def test_without_a_proof_it_stays_lost(lost, url, alice):
    assert lost.post(f"{url}found/")["Location"].startswith("/step-up/")
    assert not proves(alice)


@pytest.mark.parametrize("ended", ["disabled_at", "returned_at"])
def test_a_card_that_ended_otherwise_is_not_found_again(card, ended):
    losing.report_lost(device=card, origin=SYSTEM)
    Card.objects.update(**{ended: card.card.shipped_at})
    assert losing.report_found(device=card, origin=SYSTEM) is Refusal.GIVEN_UP
    assert not Entry.objects.filter(event=Event.CARD_FOUND).exists()


def test_what_is_not_lost_is_not_found(card):
    assert losing.report_found(device=card, origin=SYSTEM) is Refusal.NOT_LOST


@pytest.mark.parametrize("page", ["", "pin/", "pin/answer/", "lost/", "return/", "return/form/"])
def test_somebody_elses_card_is_not_there(client, url, bob, sign_in, page):
    sign_in(client, bob)
    assert client.get(f"{url}{page}").status_code == 404


def test_somebody_else_cannot_report_it(client, url, bob, alice, sign_in):
    sign_in(client, bob)
    assert client.post(f"{url}lost/").status_code == 404
    assert proves(alice)
