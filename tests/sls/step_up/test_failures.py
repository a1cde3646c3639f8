"""What the owner hears when somebody cannot prove who they are."""

import pytest
from django.test import Client

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.outbox.models import Message
from tests.attacks.tools import wrong_code
from tests.cast import PASSWORD

PHONES = "/settings/communication/phones/"
NAME = "identity_not_verified"

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(signed_in) -> str:
    return signed_in.post(PHONES, {"number": "+14155550177"})["Location"]


def refused(user) -> list[dict]:
    return [e.detail for e in Entry.objects.filter(user=user, event=Event.IDENTITY_REFUSED)]


def test_four_failures_are_no_alarm(signed_in, alice, held):
    for _ in range(4):
        signed_in.post(held, {"password": "wrong"})
    assert refused(alice) == []
    assert not Message.objects.filter(name=NAME).exists()


def test_wrong_passwords_and_wrong_codes_count_together_and_the_fifth_is_told(
    signed_in, alice, held
):
    for _ in range(2):
        signed_in.post(held, {"password": "wrong"})
    signed_in.post(held, {"password": PASSWORD})
    for _ in range(3):
        signed_in.post(f"{held}answer/", {"code": wrong_code(alice)})
    assert refused(alice) == [{"action": "contacts.change", "failures": 5}]
    told = set(Message.objects.filter(name=NAME).values_list("to", flat=True))
    assert told == {"alice@example.com", "+14155550101"}


def test_it_is_told_once_a_day_and_recorded_every_time(signed_in, alice, held, clock):
    signed_in.post(held, {"password": PASSWORD})
    for _ in range(2):
        for _ in range(5):
            signed_in.post(f"{held}answer/", {"code": wrong_code(alice)})
        clock.shift(61)
        signed_in.post(f"{held}resend/", {"delivery": "sms"})
    assert len(refused(alice)) == 2
    assert Message.objects.filter(name=NAME, channel="email").count() == 1


def test_failures_of_another_session_do_not_add_up(signed_in, alice, held, sign_in, clock):
    for _ in range(4):
        signed_in.post(held, {"password": "wrong"})
    clock.shift(61)
    other = sign_in(Client(), alice)
    url = other.post(PHONES, {"number": "+14155550177"})["Location"]
    other.post(url, {"password": "wrong"})
    assert refused(alice) == []
