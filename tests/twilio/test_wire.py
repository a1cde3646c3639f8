"""The gateway at the live-like account of the emulator: requests, failures, lookups."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from twilio.base.exceptions import TwilioException

from accounts.outbox.gateways import twilio
from accounts.outbox.ports import Busy, Refused, Unknown, VoiceScript
from tests.waiting import wait_until

TO = "+14155550101"
SCRIPT = VoiceScript("en", ("Press 1.",), action="/twilio/voice/x/")


def send(gateway, text="Hello", to=TO):
    return gateway.send_sms(to, text, ttl=300, ref=uuid4())


HAND_OVER = {"messages": send, "calls": lambda gateway: gateway.call(TO, SCRIPT, ref=uuid4())}


def around_now():
    now = timezone.now()
    return {"since": now - timedelta(seconds=5), "until": now + timedelta(seconds=5)}


def test_it_sends_and_sees_what_became_of_it(gateway, wire):
    accepted = send(gateway)
    assert accepted.detail == "queued"
    assert wait_until(lambda: gateway.fetch("sms", accepted.provider_id).status == "delivered")
    assert [one["body"] for one in wire.messages(TO)] == ["Hello"]


def test_it_signs_with_the_api_key_where_there_is_one(settings, wire):
    settings.TWILIO_API_KEY = "SK00000000000000000000000000000001"
    settings.TWILIO_API_SECRET = "emulator_api_secret"
    settings.TWILIO_AUTH_TOKENS = ["not the token"]
    assert send(twilio.from_settings()).provider_id


def test_wrong_credentials_are_our_fault(settings, wire):
    settings.TWILIO_AUTH_TOKENS = ["wrong"]
    with pytest.raises(Refused) as refused:
        send(twilio.from_settings())
    assert refused.value.code == 20003
    assert refused.value.error.alarms


def test_the_number_is_not_in_the_error(gateway):
    with pytest.raises(Refused) as refused:
        send(gateway, to="+15005550001")
    assert "5550001" not in str(refused.value)


@pytest.mark.parametrize(
    ("fault", "error", "stored"),
    [
        ("http_429", Busy, 0),
        ("http_500", Unknown, 0),
        ("http_503", Unknown, 0),
        ("timeout", Unknown, 0),
        ("reset", Unknown, 0),
        ("accept_then_reset", Unknown, 1),
        ("accept_then_500", Unknown, 1),
        ("accept_then_timeout", Unknown, 1),
    ],
)
@pytest.mark.parametrize("on", ["messages", "calls"])
def test_a_failure_says_what_may_have_happened(gateway, wire, on, fault, error, stored):
    wire.fault(on, fault)
    with pytest.raises(error):
        HAND_OVER[on](gateway)
    assert len(wire.get(f"/phone/{TO}/{on}.json")[on]) == stored


def test_the_wait_that_was_asked_for_is_known(gateway, wire):
    wire.fault("messages", "http_429", retry_after=7)
    with pytest.raises(Busy) as busy:
        send(gateway)
    assert busy.value.retry_after == 7


@pytest.mark.parametrize("base", ["http://localhost:9", "http://nowhere.invalid"])
def test_a_connection_that_never_was_is_safe_to_repeat(settings, base):
    settings.TWILIO_API_BASE = base
    with pytest.raises(Busy):
        send(twilio.from_settings())


def test_a_lost_message_is_found_by_its_text(gateway, wire):
    send(gateway, "another")
    wire.fault("messages", "accept_then_reset")
    with pytest.raises(Unknown):
        send(gateway, "the lost one")
    [found] = gateway.look("sms", TO, text="the lost one", **around_now())
    assert found.provider_id.startswith("SM")
    assert gateway.look("sms", TO, text="never sent", **around_now()) == []


def test_a_lost_call_is_found_by_its_time(gateway, wire):
    wire.fault("calls", "accept_then_reset")
    with pytest.raises(Unknown):
        gateway.call(TO, SCRIPT, ref=uuid4())
    [found] = gateway.look("voice", TO, text="", **around_now())
    assert (found.provider_id[:2], found.status) == ("CA", "sent")


def test_old_messages_are_not_taken_for_the_lost_one(gateway):
    send(gateway)
    past = timezone.now() - timedelta(hours=1)
    window = {"since": past, "until": past + timedelta(minutes=1)}
    assert gateway.look("sms", TO, text="Hello", **window) == []


@pytest.mark.parametrize("host", ["verify.twilio.com", "api.twilio.com.evil.example"])
def test_only_the_emulated_hosts_are_called(host):
    transport = twilio.RebasedTwilioHttpClient("http://localhost:9", 1)
    with pytest.raises(TwilioException, match="refusing"):
        transport.request("GET", f"https://{host}/v2/PhoneNumbers/+1")


def test_one_client_serves_all_threads(gateway, settings):
    assert twilio.from_settings().client is gateway.client
    failures = []

    def work():
        try:
            send(twilio.from_settings())
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_silent_service_is_given_up(gateway):
    assert gateway.client.http_client.timeout == 1
