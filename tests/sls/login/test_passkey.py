"""A passkey as the second factor."""

import pytest
from django.test import Client

from accounts.challenges.models import Challenge
from accounts.sessions.models import Session
from sls.methods.passkey.models import PasskeyDevice
from sls.methods.sms.models import PhoneDevice
from tests.bench.counts import SQL
from tests.cast import begin
from tests.passkey_authenticator import Passkey, enrolled
from tests.passkeys import options_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def passkey() -> Passkey:
    return Passkey()


@pytest.fixture
def device(alice, passkey) -> PasskeyDevice:
    """Alice's; she has no other factor."""
    PhoneDevice.objects.update(confirmed=False, revoked_at="2026-01-01T00:00Z", phone=None)
    return enrolled(alice, passkey, "Passkey on Pixel 9")


def question() -> str:
    return Challenge.objects.latest("created_at").question


def test_signs_in_after_the_password(client, device, passkey):
    url = begin(client)
    done = client.post(f"{url}answer/", {"code": passkey.answer(question())})
    assert done["Location"] == "/"
    assert Session.objects.get().method == "passkey"


def test_is_named_and_asked_on_the_page(client, device):
    page = client.get(begin(client)).content.decode()
    assert "<strong>Passkey on Pixel 9</strong> asks for your fingerprint, face or PIN." in page
    assert device.credential_id in options_in(page)
    assert question() in options_in(page)
    assert "Passkeys need JavaScript" in page


def test_stands_first_among_several(client, alice, passkey):
    enrolled(alice, passkey, "Passkey on Pixel 9")
    page = client.get(begin(client)).content.decode()
    assert page.index("Passkey on Pixel 9") < page.index("Text message")


def test_asks_again_in_words_that_fit(client, device, passkey):
    url = begin(client)
    text = Passkey(id=passkey.id).answer(question())
    page = client.post(f"{url}answer/", {"code": text}).content.decode()
    assert "That passkey could not be verified." in page
    assert question() in options_in(page)
    page = client.post(f"{url}answer/", {"code": ""}).content.decode()
    assert "Press the button and use your passkey" in page


def test_leads_back_when_it_took_too_long(client, device, passkey, clock):
    url = begin(client)
    clock.shift(301)
    page = client.get(url).content.decode()
    assert "That took too long" in page
    assert "data-options" not in page


def test_cve_2026_7507_answers_only_in_the_browser_that_posted_the_password(
    client, device, passkey
):
    url = begin(client)
    text = passkey.answer(question())
    assert Client().post(f"{url}answer/", {"code": text}).status_code == 404
    assert not Session.objects.exists()


def test_g4_stays_within_its_statements(client, device, passkey, counted_queries):
    client.post(f"{begin(client)}answer/", {"code": passkey.answer(question())})
    client.post("/logout/")  # the browser is known from now on
    with counted_queries(most=11):
        url = begin(client)
    with counted_queries(most=3):
        client.get(url)
    text = passkey.answer(question())
    with counted_queries(most=11):
        assert client.post(f"{url}answer/", {"code": text}).status_code == 302
    with counted_queries(most=SQL["landing"]):
        assert client.get("/").status_code == 200
