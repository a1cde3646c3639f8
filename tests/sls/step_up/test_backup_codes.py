"""Printed codes as a proof: where the table lets them, last of all, and never a reason for more."""

import pytest

from accounts.challenges.models import Challenge, Purpose
from sls.methods.backup_codes.models import CodeSet
from sls.methods.rules import Strength
from sls.step_up import proofs
from sls.step_up.models import Pending
from tests.cast import PASSWORD, app_device, code_set, unused_code
from tests.sls.devices.conftest import SLS

PHONES = "/settings/communication/phones/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def codes(signed_in, alice):
    return code_set(alice)


def methods(user, action: str) -> list[str]:
    asked = proofs.least(user_id=user.pk, action=action)
    pending = Pending(user=user, action=action, least=asked)
    return [way.row.method for way in proofs.ways(pending)]


def test_holding_them_asks_for_nothing_more(alice, codes):
    assert proofs.least(user_id=alice.pk, action="contacts.change") == Strength.TELEPHONE
    assert methods(alice, "contacts.change") == ["sms", "backup_codes"]


def test_they_come_last(alice, codes):
    app_device(alice)
    assert methods(alice, "device.add") == ["authenticator_app", "backup_codes"]


def test_they_do_not_renew_themselves(alice, codes):
    assert methods(alice, "backup_codes.renew") == ["sms"]


def test_one_proves_once_and_the_page_calls_it_by_its_name(signed_in, alice, codes):
    url = signed_in.post(PHONES, {"number": "+14155550177"})["Location"]
    signed_in.post(url, {"password": PASSWORD})
    assert "Backup codes" in signed_in.get(url).content.decode()
    signed_in.post(f"{url}resend/", {"way": "1"})
    page = signed_in.get(url).content.decode()
    assert "Enter a backup code" in page
    code = unused_code(alice)
    assert signed_in.post(f"{url}answer/", {"code": code})["Location"] == f"{url}confirm/"
    assert CodeSet.objects.get().used == [1]


def test_the_last_of_a_set_still_proves(signed_in, alice, codes):
    url = signed_in.post(PHONES, {"number": "+14155550177"})["Location"]
    signed_in.post(url, {"password": PASSWORD})
    signed_in.post(f"{url}resend/", {"way": "1"})
    CodeSet.objects.update(used_bits=0b0111111111)
    code = unused_code(alice)
    assert signed_in.post(f"{url}answer/", {"code": code})["Location"] == f"{url}confirm/"


def test_a_switched_off_app_is_removed_by_a_code_without_a_call(signed_in, alice, codes):
    app = app_device(alice)
    app.disabled_at = app.created_at
    app.save(update_fields=["disabled_at"])
    url = signed_in.post(f"{SLS}authenticator_app/{app.pk}/remove/")["Location"]
    signed_in.post(url, {"password": PASSWORD})
    assert Challenge.objects.get(purpose=Purpose.STEP_UP).method == "backup_codes"
    signed_in.post(f"{url}answer/", {"code": unused_code(alice)})
    assert Pending.objects.get().granted_at is not None
