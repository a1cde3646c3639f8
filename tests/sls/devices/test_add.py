"""Enrolling a further authenticator."""

import pytest
from django_otp.oath import totp

from accounts.challenges.models import Challenge, Purpose
from sls.methods.authenticator_app.models import AppDevice
from tests.sls.devices.conftest import SLS, ask

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def enrolling(signed_in, alice, prove) -> str:
    """The page of an authenticator app that is being enrolled."""
    return prove(signed_in, alice, ask(signed_in, f"{SLS}add/authenticator_app/"))["Location"]


def code_of(user) -> str:
    return f"{totp(AppDevice.objects.get(user=user, confirmed=False).open_seed()):06d}"


def test_is_confirmed_by_its_first_answer_and_then_named(signed_in, alice, enrolling):
    assert signed_in.get(enrolling).status_code == 200
    done = signed_in.post(f"{enrolling}answer/", {"code": code_of(alice)})
    device = AppDevice.objects.get(user=alice)
    assert device.confirmed
    assert done["Location"] == f"{SLS}authenticator_app/{device.pk}/?new=1"
    page = signed_in.get(done["Location"]).content.decode()
    assert f'value="{device.name}"' in page
    assert Challenge.objects.get(purpose=Purpose.ENROLMENT).used_at is not None
