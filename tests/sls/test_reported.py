"""A call that its owner reports (key 9) ends whatever asked for it."""

from django.db import transaction
from django.test import Client

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.models import Challenge
from accounts.origin import SYSTEM
from sls.login.models import Attempt
from sls.login.rules import Why
from sls.step_up.models import Pending
from tests.cast import PASSWORD, begin

PHONES = "/settings/communication/phones/"


def report(challenge):
    with transaction.atomic():
        user = audit.lock(challenge.user_id)
        note = {"about": str(challenge.pk)}
        audit.record(Event.CALL_REPORTED, user=user, origin=SYSTEM, note=note)


def test_ends_the_sign_in_although_it_asks_for_another_code_by_now(client, alice, clock, settings):
    url = begin(client)
    first = Challenge.objects.get()
    clock.shift(settings.SECURITY_CODE_LIFE + 1)
    client.post(f"{url}resend/", {"delivery": "sms"})
    assert Attempt.objects.get().challenge_id != first.pk
    report(first)
    assert Attempt.objects.get().ended_why == Why.REPORTED
    assert client.get(url)["Location"] == "/login/?ended=reported"


def test_leaves_the_sign_in_of_somebody_else_alone(client, alice, bob):
    begin(client)
    reported = Challenge.objects.get()
    begin(Client(), "bob")
    report(reported)
    assert Attempt.objects.get(ended_at=None).user == bob


def test_drops_the_sensitive_request(client, alice, sign_in, clock):
    sign_in(client, alice)
    clock.shift(61)
    url = client.post(PHONES, {"number": "+14155550177"})["Location"]
    client.post(url, {"password": PASSWORD})
    report(Challenge.objects.latest("created_at"))
    opened = Challenge.objects.count()
    clock.shift(61)
    client.post(f"{url}resend/", {"delivery": "voice"})
    client.post(f"{url}resend/", {"way": "0"})
    assert Challenge.objects.count() == opened
    assert "This was stopped" in client.get(url).content.decode()
    assert Pending.objects.get().fields is None
