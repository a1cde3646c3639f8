"""``manage.py send_test_code``: one line of success, or one line of why not."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.outbox.gateways import memory
from accounts.outbox.models import Message
from accounts.outbox.ports import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def network(settings):
    settings.TELEPHONE_GATEWAY = "memory"
    network = memory.from_settings()
    network.clear()
    yield network
    network.clear()


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("send_test_code", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_sends_one_text_message(network):
    out, err = run("+14155550101")
    [sent] = network.sent
    assert sent.channel == "sms"
    assert sent.provider_id in out
    assert out.count("\n") == 1
    assert "emulator" in err


def test_it_calls(network):
    run("+14155550101", "--voice")
    assert network.sent[0].channel == "voice"


def test_its_code_counts_against_nobody(network):
    run("+14155550101")
    message = Message.objects.get()
    assert (message.is_code, message.user) == (False, None)


def test_it_says_why_a_number_is_refused(network):
    with pytest.raises(CommandError, match="premium-rate"):
        run("+19005551234")
    assert network.sent == []


def test_it_says_what_the_provider_said(network):
    network.fail(Refused(21614))
    with pytest.raises(CommandError, match=r"error 21614.*cannot take text messages") as error:
        run("+14155550101")
    assert "\n" not in str(error.value)


def test_it_says_what_to_set(network, settings):
    settings.TWILIO_FROM, settings.TWILIO_AUTH_TOKENS = "", []
    with pytest.raises(CommandError, match="Set TWILIO_AUTH_TOKENS, TWILIO_FROM"):
        run("+14155550101")


def test_a_call_in_live_mode_needs_a_public_address(network, settings):
    settings.TWILIO_MODE = "live"
    assert "PUBLIC_BASE_URL" in run("+14155550101", "--voice")[1]
