"""What a passkey is lost with."""

import pytest

from sls.methods import registry
from sls.methods.passkey.models import PasskeyDevice
from tests.passkey_authenticator import Passkey, enrolled


@pytest.mark.parametrize(
    ("reached_by", "place"),
    [
        (["hybrid", "internal"], "phone"),
        (["internal"], "computer"),
        (["usb", "nfc"], "key"),
        (["nfc"], "key"),
        ([], "phone"),
        (["smart-card"], "phone"),
    ],
)
def test_one_that_is_nowhere_else_is_lost_with_its_device(alice, reached_by, place):
    device = enrolled(alice, Passkey())
    PasskeyDevice.objects.filter(pk=device.pk).update(transports=reached_by)
    assert found(alice) == place


def test_one_that_could_be_synced_but_was_not_is_too(alice):
    device = enrolled(alice, Passkey())
    PasskeyDevice.objects.filter(pk=device.pk).update(backup_eligible=True)
    assert found(alice) == "computer"


def test_one_that_is_synced_stays(alice):
    device = enrolled(alice, Passkey())
    PasskeyDevice.objects.filter(pk=device.pk).update(backup_eligible=True, backup_state=True)
    assert found(alice) == "cloud"


@pytest.mark.parametrize(("may_sync", "place"), [(True, "cloud"), (False, "phone")])
def test_a_new_one_stays_where_it_may_be_synced(settings, may_sync, place):
    settings.PASSKEYS_MAY_SYNC = may_sync
    assert registry.get("passkey").lives_on == place


def found(user) -> str:
    return next(row.lives_on for row in registry.devices(user.pk) if row.method == "passkey")
