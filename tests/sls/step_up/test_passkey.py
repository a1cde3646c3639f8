"""A passkey as the proof of identity."""

import pytest

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from sls.step_up.models import Pending
from tests.cast import PASSWORD
from tests.passkey_authenticator import Passkey, enrolled
from tests.passkeys import options_in

pytestmark = pytest.mark.django_db
PHONES = "/settings/communication/phones/"


@pytest.fixture
def passkey(signed_in, alice) -> Passkey:
    key = Passkey()
    enrolled(alice, key, "Passkey on Pixel 9")
    return key


@pytest.fixture
def held(signed_in, passkey) -> str:
    """Alice wants to add a number, and has given her password."""
    url = signed_in.post(PHONES, {"number": "+14155550177"})["Location"]
    signed_in.post(url, {"password": PASSWORD})
    return url


def question() -> str:
    return Challenge.objects.get(purpose=Purpose.STEP_UP).question


def test_proves_it(signed_in, held, passkey):
    page = signed_in.get(held).content.decode()
    assert "<strong>Passkey on Pixel 9</strong> asks for your fingerprint" in page
    assert question() in options_in(page)
    done = signed_in.post(f"{held}answer/", {"code": passkey.answer(question())})
    assert done["Location"] == f"{held}confirm/"
    assert Pending.objects.get().granted_at is not None
    entry = Entry.objects.get(event=Event.IDENTITY_VERIFIED)
    assert entry.detail["method"] == "passkey"


def test_proves_nothing_by_another_key(signed_in, held, passkey):
    text = Passkey(id=passkey.id).answer(question())
    page = signed_in.post(f"{held}answer/", {"code": text}).content.decode()
    assert "That passkey could not be verified." in page
    assert Pending.objects.get().granted_at is None
    assert Entry.objects.filter(event=Event.IDENTITY_FAILED).count() == 1
