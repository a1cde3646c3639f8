"""What Twilio's magic numbers do to the gateway: the same against Twilio and the emulator."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.outbox.errors import Kind
from accounts.outbox.gateways.lookup import TwilioNumbers
from accounts.outbox.ports import Refused, Unknown, VoiceScript

TO = "+14155550101"
SCRIPT = VoiceScript("en", ("Press 1.",), action="/twilio/voice/x/")


def send(gateway, to=TO):
    return gateway.send_sms(to, "Contract test", ttl=300, ref=uuid4())


def call(gateway, to=TO):
    return gateway.call(to, SCRIPT, ref=uuid4())


def test_a_message_is_accepted(sandbox):
    accepted = send(sandbox())
    assert accepted.provider_id.startswith("SM")
    assert len(accepted.provider_id) == 34
    assert accepted.detail == "sandbox"


def test_a_call_is_accepted(sandbox):
    accepted = call(sandbox())
    assert accepted.provider_id.startswith("CA")
    assert accepted.detail == "sandbox"


@pytest.mark.parametrize(
    ("to", "code", "kind"),
    [
        ("+15005550001", 21211, Kind.NUMBER),
        ("+15005550002", 21612, Kind.NUMBER),
        ("+15005550003", 21408, Kind.CONFIGURATION),
        ("+15005550004", 21610, Kind.NUMBER),
        ("+15005550009", 21614, Kind.NUMBER),
    ],
)
def test_a_message_to_a_bad_number_is_refused(sandbox, to, code, kind):
    with pytest.raises(Refused) as refused:
        send(sandbox(), to)
    assert (refused.value.code, refused.value.error.kind) == (code, kind)


@pytest.mark.parametrize(
    ("sender", "code"),
    [("+15005550001", 21212), ("+15005550007", 21606), ("+15005550008", 21611)],
)
def test_a_message_from_a_bad_number_is_refused(sandbox, sender, code):
    with pytest.raises(Refused) as refused:
        send(sandbox(sender))
    assert refused.value.code == code
    assert refused.value.error.alarms


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("+15005550001", 21217),
        ("+15005550002", 21214),
        ("+15005550003", 21215),
        ("+15005550004", 21216),
    ],
)
def test_a_call_to_a_bad_number_is_refused(sandbox, to, code):
    with pytest.raises(Refused) as refused:
        call(sandbox(), to)
    assert refused.value.code == code


def test_a_call_from_a_bad_number_is_refused(sandbox):
    with pytest.raises(Refused) as refused:
        call(sandbox("+15005550001"))
    assert refused.value.code == 21212


@pytest.mark.parametrize(("channel", "kind"), [("sms", "SM"), ("voice", "CA")])
def test_test_credentials_see_nothing(sandbox, channel, kind):
    with pytest.raises(Refused) as refused:
        sandbox().fetch(channel, kind + "0" * 32)
    assert refused.value.error.kind is Kind.CONFIGURATION


@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_test_credentials_list_nothing(sandbox, channel):
    now = timezone.now()
    # The client tells errors of lists without their code.
    with pytest.raises(Unknown):
        sandbox().look(channel, TO, text="", since=now - timedelta(minutes=1), until=now)


@pytest.mark.parametrize("number", ["+12345678900", "+12345678901", "+12345678904", "+12345678907"])
def test_a_magic_number_has_not_changed_its_sim(sandbox, number):
    report = TwilioNumbers(sandbox().client).report(number)
    assert (report.swapped_at, report.swapped_within) == (None, None)
