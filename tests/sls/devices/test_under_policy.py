"""Adding what a policy demands, in a session that is there for nothing else."""

import pytest
from django.test import Client
from django_otp.oath import totp

from accounts.challenges.models import Challenge, Purpose
from accounts.sessions.models import Session
from sls.methods.authenticator_app.models import AppDevice
from sls.policy.services import today_everywhere
from tests.cast import begin, code_for
from tests.passkey_authenticator import Passkey
from tests.sls.devices.conftest import SLS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def narrow(signed_in) -> Client:
    """Alice's browser, in a session that may only enrol."""
    Session.objects.update(enrol_only_from=today_everywhere())
    assert signed_in.get("/").status_code == 403
    return signed_in


@pytest.fixture
def elsewhere(narrow, alice, clock) -> Client:
    """Another browser, in such a session too."""
    other = Client()
    url = begin(other)
    other.post(f"{url}answer/", {"code": code_for(alice)})
    Session.objects.update(enrol_only_from=today_everywhere())
    clock.shift(61)
    return other


def test_a_passkey_opens_the_session_it_was_added_in_and_no_other(narrow, elsewhere, alice, prove):
    page = prove(narrow, f"{SLS}add/passkey/")["Location"]
    assert narrow.get(page).status_code == 200
    question = Challenge.objects.get(purpose=Purpose.ENROLMENT).question
    done = narrow.post(f"{page}answer/", {"code": Passkey().made(question)})
    assert narrow.get(done["Location"]).status_code == 200
    assert narrow.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 403


def test_something_weaker_opens_nothing(narrow, alice, prove):
    page = prove(narrow, f"{SLS}add/authenticator_app/")["Location"]
    seed = AppDevice.objects.get().open_seed()
    narrow.post(f"{page}answer/", {"code": f"{totp(seed):06d}"})
    assert AppDevice.objects.get().confirmed
    assert narrow.get("/").status_code == 403
