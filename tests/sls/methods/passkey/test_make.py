"""Making a passkey."""

import json
from uuid import UUID

import pytest

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.rules import Outcome
from sls.methods.passkey.models import PasskeyDevice
from tests.passkey_authenticator import (
    BACKED_UP,
    ELIGIBLE,
    PRESENT,
    VERIFIED,
    Passkey,
    ed25519,
    enrolled,
    rsa,
)
from tests.passkeys import METHOD, make

pytestmark = pytest.mark.django_db
HELLO = UUID("08987058-cadc-4b81-b6e1-30de50dcbe96")


def test_keeps_what_the_authenticator_said(making):
    passkey = Passkey(
        flags=PRESENT | VERIFIED | ELIGIBLE | BACKED_UP, counter=7, aaguid=HELLO.bytes
    )
    assert making.says(passkey.made(making.question)).is_ok
    device = PasskeyDevice.objects.get()
    assert (device.confirmed, device.sign_count, device.aaguid) == (True, 7, HELLO)
    assert (device.backup_eligible, device.backup_state) == (True, True)
    assert device.transports == ["internal"]
    assert Entry.objects.latest("number").event == Event.DEVICE_ENROLLED


@pytest.mark.parametrize(
    "key",
    [ed25519.Ed25519PrivateKey.generate(), rsa.generate_private_key(65537, 2048)],
    ids=["EdDSA", "RS256"],
)
def test_takes_every_algorithm_that_was_offered(making, key):
    assert making.says(Passkey(key).made(making.question)).is_ok


def test_offers_what_is_checked_later(making, alice, settings):
    wanted = json.loads(METHOD.enrolling(making.challenge)["options"])
    assert wanted["attestation"] == "none"
    assert wanted["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    assert [one["alg"] for one in wanted["pubKeyCredParams"]] == [-7, -8, -257]
    assert wanted["rp"] == {"name": settings.PORTAL_BRAND, "id": "localhost"}
    assert wanted["challenge"] == making.question


def test_tells_the_authenticator_nothing_by_the_handle_of_the_user(making, alice, bob):
    wanted = json.loads(METHOD.enrolling(making.challenge)["options"])
    assert len(wanted["user"]["id"]) == 86
    other = json.loads(METHOD.enrolling(make(bob).challenge)["options"])
    assert wanted["user"]["id"] != other["user"]["id"]


def test_keeps_the_handle_for_every_passkey_of_a_user(making, alice):
    making.says(Passkey().made(making.question))
    again = make(alice)
    again.says(Passkey().made(again.question))
    assert len(set(PasskeyDevice.objects.values_list("user_handle", flat=True))) == 1


def test_excludes_those_that_are_there(alice):
    here = Passkey()
    device = enrolled(alice, here)
    wanted = json.loads(METHOD.enrolling(make(alice).challenge)["options"])
    assert [one["id"] for one in wanted["excludeCredentials"]] == [device.credential_id]


def test_takes_the_place_of_one_that_was_begun_and_left(making, alice):
    make(alice, bound_to="c" * 64)
    assert PasskeyDevice.objects.count() == 1


def test_proves_nothing_before_it_is_made(making, alice):
    assert not METHOD.devices(alice.pk).exists()


def test_takes_one_answer_once(making):
    text = Passkey().made(making.question)
    assert making.says(text).is_ok
    assert making.says(text).outcome is Outcome.USED


def test_refuses_synced_ones_where_a_passkey_has_to_stay(making, settings):
    settings.PASSKEYS_MAY_SYNC = False
    synced = Passkey(flags=PRESENT | VERIFIED | ELIGIBLE)
    assert "one device" in making.says(synced.made(making.question)).said
    assert making.says(Passkey().made(making.question)).is_ok


def test_is_named_after_its_place_and_month_and_told_apart(making, alice):
    making.says(Passkey().made(making.question))
    again = make(alice)
    again.says(Passkey().made(again.question))
    first, second = PasskeyDevice.objects.order_by("pk").values_list("name", flat=True)
    assert first.startswith("Passkey on Windows, ")
    assert second == f"{first} (2)"
