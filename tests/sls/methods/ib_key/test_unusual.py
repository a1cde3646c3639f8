"""An activation from a place that is not usual: by a number it takes the portal."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.outbox.models import Message
from accounts.users.models import User
from sls.algorithms.risk import Level
from sls.methods.ib_key import rules
from sls.methods.ib_key.models import PhoneActivation
from tests.abroad import AMERICA, JAPAN, announced, at_home
from tests.cast import PASSWORD, card_device
from tests.phones import PIN, Phone, activated

pytestmark = pytest.mark.django_db
TOLD = {"username": "alice", "password": PASSWORD}


@pytest.fixture
def home(alice) -> User:
    """Alice, who has always signed in from America."""
    at_home(alice)
    return alice


def phone_in(address: str) -> Phone:
    return Phone(pin=PIN, client=Client(REMOTE_ADDR=address))


def test_from_home_a_number_proves_it(home):
    assert phone_in(AMERICA).post("activations", TOLD).json()["needs"] == "code"


def test_from_another_country_no_code_is_sent_and_the_portal_is_named(home):
    refused = phone_in(JAPAN).post("activations", TOLD)
    assert refused.status_code == 401
    assert "Sign in to the portal" in refused.json()["detail"]
    assert not PhoneActivation.objects.exists()
    assert not Message.objects.filter(is_code=True).exists()


def test_its_owner_hears_that_somebody_knows_the_password(home):
    for _n in range(2):
        phone_in(JAPAN).post("activations", TOLD)
    stopped = Entry.objects.filter(user=home, event=Event.SIGN_IN_STOPPED)
    assert [entry.detail for entry in stopped] == [
        {
            "why": "unusual",
            "at": "ib_key",
            "unusual": ["new_country", "new_device"],
            "country": "JP",
        }
    ] * 2
    [mail] = Message.objects.filter(name="sign_in_stopped", channel="email")
    assert "Somebody typed your right password" in mail.content()["text"]


def test_outside_of_an_announced_journey_it_takes_the_portal_too(home):
    announced(home, "DE")
    assert phone_in(JAPAN).post("activations", TOLD).status_code == 401


def test_a_wrong_password_learns_nothing_of_it(home):
    refused = phone_in(JAPAN).post("activations", TOLD | {"password": "another one"})
    assert "Sign in to the portal" not in refused.json()["detail"]
    assert not Entry.objects.filter(event=Event.SIGN_IN_STOPPED).exists()


def test_a_card_proves_it_from_there(home):
    card_device(home)
    assert phone_in(JAPAN).post("activations", TOLD).json()["needs"] == "response"


def test_a_card_does_not_where_a_sign_in_would_be_refused(home):
    card_device(home)
    at_home(home, ago=timedelta(hours=1))  # too soon after the last sign-in
    phone_in(AMERICA).post("activations", TOLD | {"password": "another one"})
    for _n in range(2):
        phone_in(AMERICA).post("activations", TOLD | {"password": "yet another"})
    assert phone_in(JAPAN).post("activations", TOLD).status_code == 401


def test_what_the_portal_shows_works_from_there(home):
    assert activated(home, client=Client(REMOTE_ADDR=JAPAN)).row().confirmed


@pytest.mark.parametrize(
    ("risk", "own", "enough"),
    [
        (Level.USUAL, False, True),
        (Level.ALERT, False, True),
        (Level.STRONGER, False, False),
        (Level.STRONGER, True, True),
        (Level.REFUSED, True, False),
        (Level.REFUSED, False, False),
    ],
)
def test_more_is_asked_the_less_usual_it_is(risk, own, enough):
    assert rules.is_enough(risk, own=own) is enough


def test_a_refusal_asks_for_few_statements(home, counted_queries):
    phone = phone_in(JAPAN)
    with counted_queries(most=8):
        phone.post("activations", TOLD)
