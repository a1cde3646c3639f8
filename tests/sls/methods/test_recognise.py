"""A right-looking code typed for another method is recognised and explained, and not judged."""

import pytest
from django.test import Client
from django_otp.oath import totp

from accounts.challenges.models import Challenge, Purpose
from accounts.contacts.models import PhoneNumber
from accounts.sessions.models import Session
from sls.methods import registry
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.backup_codes.models import CodeSet
from sls.methods.sms.models import PhoneDevice
from tests.cast import CODE, PASSWORD, SEED, app_device, begin, code_for, code_set

pytestmark = pytest.mark.django_db
BACKUP = f"{CODE}A"


@pytest.fixture
def all_three(alice):
    """Alice can be asked for a text message, an app and a backup code."""
    app_device(alice)
    code_set(alice)
    return alice


def asked(client: Client, method: str) -> str:
    """A sign-in that asks for a code of ``method``."""
    url = begin(client)
    held = registry.devices(PhoneNumber.objects.get().user_id)
    row = next(row for row in held if row.method == method)
    client.post(f"{url}method/", {"device": row.id})
    assert Challenge.objects.latest("created_at").method == method
    return url


def told(client: Client, url: str, typed: str) -> str:
    """What the page says about what was typed."""
    response = client.post(f"{url}answer/", {"code": typed})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def failures() -> list[int]:
    """Of the telephone, the app and the set, in this order."""
    return [
        model.objects.values_list("failures", flat=True).get()
        for model in (PhoneDevice, AppDevice, CodeSet)
    ]


@pytest.mark.parametrize("method", ["sms", "authenticator_app"])
def test_a_backup_code_in_another_field_is_recognised_and_nothing_counts(client, all_three, method):
    page = told(client, asked(client, method), f"{CODE}A")
    assert "That looks like a backup code. Choose Backup codes below to use it." in page
    assert f'name="device" value="{CodeSet.objects.get().persistent_id}">Backup codes<' in page
    assert failures() == [0, 0, 0]
    assert Challenge.objects.latest("created_at").tries_left == 5
    assert CodeSet.objects.get().used == []


def test_a_code_with_its_letters_can_only_come_from_a_message(client, all_three):
    url = asked(client, "authenticator_app")
    page = told(client, url, f"KMP-{totp(SEED):06d}")
    assert "That looks like a code from a text message or a call." in page
    assert "Choose Text message to +1 ... 01 below to use it." in page
    assert failures() == [0, 0, 0]


def test_six_digits_in_the_field_of_backup_codes_may_be_of_several(client, all_three):
    page = told(client, asked(client, "backup_codes"), "493 817")
    assert "That looks like a code of another of your ways" in page
    assert failures() == [0, 0, 0]


def test_six_digits_are_named_where_there_is_one_way_to_have_them(client, alice):
    code_set(alice)
    page = told(client, asked(client, "backup_codes"), "KMP-493817")
    assert "That looks like a code from a text message or a call." in page


def test_a_wrong_code_is_counted_once_and_the_other_way_named(client, all_three):
    page = told(client, asked(client, "sms"), f"{totp(SEED):06d}")
    assert "You can try 4 more times." in page
    hint = "If it is a code of your authenticator app, choose Authenticator app below."
    assert hint in page
    assert failures() == [1, 0, 0]
    assert AppDevice.objects.get().last_step == -1
    assert not Session.objects.exists()


def test_the_right_code_of_another_way_opens_nothing(client, all_three):
    url = asked(client, "authenticator_app")
    sms = PhoneDevice.objects.get().persistent_id
    client.post(f"{url}method/", {"device": sms})
    right = code_for(all_three)
    app = AppDevice.objects.get().persistent_id
    client.post(f"{url}method/", {"device": app})
    page = told(client, url, right)
    assert "If it is a code from a text message or a call" in page
    assert failures() == [0, 1, 0]


def test_a_second_app_is_named_by_its_name(client, alice):
    first, _second = app_device(alice, "Pixel 9"), app_device(alice, "Old phone")
    PhoneDevice.objects.update(disabled_at=first.created_at)
    url = begin(client)
    client.post(f"{url}method/", {"device": first.persistent_id})
    page = told(client, url, "000000")
    assert "choose Authenticator app on Old phone below." in page


def test_a_way_that_the_user_does_not_hold_is_not_named(client, alice):
    page = told(client, begin(client), BACKUP)
    assert "digits only" in page
    assert "backup" not in page.partition("error-summary")[2].partition("</div>")[0].lower()


def test_a_verification_of_identity_explains_it_too(client, all_three, clock):
    url = asked(client, "sms")
    client.post(f"{url}answer/", {"code": code_for(all_three)})
    clock.shift(61)
    phones = "/settings/communication/phones/"
    step_up = client.post(phones, {"number": "+14155550177"})["Location"]
    client.post(step_up, {"password": PASSWORD})
    assert Challenge.objects.get(purpose=Purpose.STEP_UP).method == "authenticator_app"
    page = told(client, step_up, BACKUP)
    assert "That looks like a backup code. Choose Backup codes below to use it." in page
    page = told(client, step_up, "000000")
    # Text messages are too weak for whoever holds an app, so they are not offered here.
    assert "If it is a code from a text message or a call, choose" not in page
    assert failures() == [0, 1, 0]
