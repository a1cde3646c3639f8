"""Verifying identity with a security card."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.challenges.models import Challenge, Purpose
from accounts.contacts.models import PhoneNumber
from tests.cast import PASSWORD, card_device, response

pytestmark = pytest.mark.django_db
PHONES = "/settings/communication/phones/"
NEW = "+14155550177"


@pytest.fixture
def asked(signed_in, alice) -> str:
    """Alice, who has a card, wants to add a number and has given her password."""
    card_device(alice)
    url = signed_in.post(PHONES, {"number": NEW})["Location"]
    assert signed_in.post(url, {"password": PASSWORD}).status_code == 302
    return url


def newest() -> Challenge:
    return Challenge.objects.filter(purpose=Purpose.STEP_UP).latest("created_at")


def expire() -> None:
    Challenge.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def test_the_card_is_asked_for_a_passcode(signed_in, asked):
    page = signed_in.get(asked).content.decode()
    question = newest().question
    assert f">{question[:3]}</span>" in page
    assert '<label class="field__label" for="id_code">Passcode</label>' in page
    assert "Verify by: <strong>Digital Security Card+ …0001</strong>" in page


def test_its_response_verifies(signed_in, asked):
    posted = signed_in.post(f"{asked}answer/", {"code": response(newest())})
    assert posted["Location"] == f"{asked}confirm/"
    signed_in.post(PHONES, {"number": NEW})
    assert PhoneNumber.objects.filter(number=NEW).exists()


def test_a_wrong_response_verifies_nothing(signed_in, asked):
    page = signed_in.post(f"{asked}answer/", {"code": response(newest(), pin="0000")})
    assert "2 more times" in page.content.decode()
    signed_in.post(PHONES, {"number": NEW})
    assert not PhoneNumber.objects.filter(number=NEW).exists()


def test_a_response_to_the_sign_in_verifies_nothing(signed_in, alice, asked):
    device = newest().device
    url = signed_in.post("/login/", {"username": "alice", "password": PASSWORD})["Location"]
    signed_in.post(f"{url}method/", {"device": device})
    elsewhere = response(Challenge.objects.filter(purpose=Purpose.SIGN_IN).latest("created_at"))
    page = signed_in.post(f"{asked}answer/", {"code": elsewhere}).content.decode()
    assert "you are asked anew" in page


def test_what_has_lapsed_is_asked_anew_without_the_password(signed_in, asked):
    expire()
    page = signed_in.get(asked).content.decode()
    assert 'name="way" value="0">Try again' in page
    before = newest().question
    assert signed_in.post(f"{asked}resend/", {"way": "0"}).status_code == 302
    assert newest().question != before
    posted = signed_in.post(f"{asked}answer/", {"code": response(newest())})
    assert posted["Location"] == f"{asked}confirm/"


def test_a_card_that_is_asked_too_often_waits(signed_in, asked, settings):
    settings.CHALLENGES_PER_ATTEMPT = 20
    for _ in range(settings.CARD_CHALLENGES - 1):
        expire()
        assert signed_in.post(f"{asked}resend/", {"way": "0"}).status_code == 302
    expire()
    page = signed_in.post(f"{asked}resend/", {"way": "0"})
    assert page.status_code == 429
    assert "It can be asked again at" in page.content.decode()
