"""Text messages as a way to sign in: switched off, and on again."""

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Outcome
from accounts.contacts import reached
from accounts.contacts import services as contacts
from accounts.contacts.models import PhoneNumber
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from sls.devices import removal
from sls.devices.rules import Refusal
from sls.methods import registry
from sls.methods.sms.models import PhoneDevice
from tests.cast import begin, code_for
from tests.sls.devices.conftest import SLS

pytestmark = pytest.mark.django_db(transaction=True)

OFF, ON = f"{SLS}sms/off/", f"{SLS}sms/on/"
ORIGIN = Origin(address="203.0.113.7")


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def is_on(user) -> bool:
    return "sms" in [row.method for row in registry.devices(user.pk)]


@pytest.fixture
def off(alice, app) -> PhoneDevice:
    """Alice's number, switched off."""
    assert removal.switch_off_sms(user_id=alice.pk, proven_by="", origin=ORIGIN) is None
    return PhoneDevice.objects.get()


def test_signs_nobody_in_any_more(signed_in, alice, app, prove):
    prove(signed_in, OFF, by=app)
    assert not is_on(alice)
    other = Client()
    page = text(other.get(begin(other)))
    assert "Open your authenticator app" in page
    assert Entry.objects.filter(user=alice, event=Event.SMS_SWITCHED_OFF).count() == 1


def test_keeps_the_number_on_file(off, alice):
    assert reached.primary_phone(alice.pk).number == "+14155550101"
    assert contacts.remove(contact=alice.phonenumbers.get(), origin=ORIGIN) is not None


def test_stays_on_while_nothing_permanent_is_there(signed_in, alice, prove):
    done = prove(signed_in, OFF)
    assert done["Location"] == SLS
    assert "Text messages are your only way to sign in" in text(signed_in.get(SLS))
    assert is_on(alice)


def test_stays_on_while_the_permanent_one_is_disabled(alice, app):
    type(app).objects.update(disabled_at=timezone.now())
    refused = removal.switch_off_sms(user_id=alice.pk, proven_by="", origin=ORIGIN)
    assert refused is Refusal.ONLY_TELEPHONE


def test_somebody_without_a_number_has_nothing_to_switch(alice, app):
    PhoneDevice.objects.update(revoked_at=timezone.now(), confirmed=False)
    refused = removal.switch_off_sms(user_id=alice.pk, proven_by="", origin=ORIGIN)
    assert refused is Refusal.GONE
    assert removal.switch_on_sms(user_id=alice.pk, origin=ORIGIN) is Refusal.GONE


def test_is_switched_on_again_behind_a_proof(client, alice, app, off, prove, sign_in_by):
    sign_in_by(client, alice, app)
    assert "Switch on for signing in" in text(client.get(SLS))
    prove(client, ON)
    assert is_on(alice)
    assert Entry.objects.filter(user=alice, event=Event.SMS_SWITCHED_ON).count() == 1


def test_both_are_told_to_every_address_and_the_telephone(alice, app):
    Message.objects.all().delete()
    removal.switch_off_sms(user_id=alice.pk, proven_by="", origin=ORIGIN)
    removal.switch_on_sms(user_id=alice.pk, origin=ORIGIN)
    assert sorted(Message.objects.values_list("name", "channel")) == [
        ("sms_switched_off", "email"),
        ("sms_switched_off", "sms"),
        ("sms_switched_on", "email"),
        ("sms_switched_on", "sms"),
    ]


def test_twice_is_once(alice, app, off):
    assert removal.switch_off_sms(user_id=alice.pk, proven_by="", origin=ORIGIN) is None
    assert Entry.objects.filter(user=alice, event=Event.SMS_SWITCHED_OFF).count() == 1


def test_ends_other_sessions_that_it_opened(signed_in, alice, app, prove, sign_in):
    elsewhere = sign_in_elsewhere(alice)
    prove(signed_in, OFF, by=app)
    assert elsewhere.get(SLS)["Location"].startswith("/login/")
    assert signed_in.get(SLS).status_code == 200
    row = Session.objects.get(ended_at=None)
    assert (row.device, row.method) == (app.persistent_id, "authenticator_app")


def sign_in_elsewhere(user) -> Client:
    client = Client()
    url = begin(client, user.username)
    device = user.phonenumbers.get().devices.get()
    client.post(f"{url}method/", {"device": device.persistent_id})
    assert client.post(f"{url}answer/", {"code": code_for(user)}).status_code == 302
    return client


def test_a_code_on_its_way_opens_nothing_any_more(alice, app):
    client = Client()
    url = begin(client)
    device = alice.phonenumbers.get().devices.get()
    client.post(f"{url}method/", {"device": device.persistent_id})
    removal.switch_off_sms(user_id=alice.pk, proven_by="", origin=ORIGIN)
    challenge = Challenge.objects.get(method="sms")
    verdict = registry.get("sms").verify(challenge, challenge.code(), origin=ORIGIN)
    assert verdict.outcome is Outcome.DISABLED
    assert not Session.objects.exists()
    assert challenge.purpose == Purpose.SIGN_IN


def test_stays_off_when_the_number_changes(alice, app, off):
    now = timezone.now()
    new = PhoneNumber.objects.create(
        user=alice, number="+14155550155", created_at=now, verified_at=now, trusted_from=now
    )
    with transaction.atomic():
        contacts.make_primary(contact=new, origin=ORIGIN)
    assert PhoneDevice.objects.get(revoked_at=None).phone == new
    assert not is_on(alice)


def test_does_not_unlock_a_disabled_number(alice, app, off):
    PhoneDevice.objects.update(disabled_at=timezone.now())
    removal.switch_on_sms(user_id=alice.pk, origin=ORIGIN)
    assert not is_on(alice)
