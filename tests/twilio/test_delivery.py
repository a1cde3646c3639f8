"""From the row to the telephone and back: real worker, real callbacks, every fault."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.outbox import delivery, services, tasks, wording
from accounts.outbox.models import Channel, Message, Status
from tests.waiting import wait_until

TO = "+14155550101"


@pytest.fixture
def portal(wire, worker, live_server, settings, monkeypatch):
    """The whole way: callbacks of the emulator reach this server."""
    settings.PUBLIC_BASE_URL = live_server.url
    settings.TWILIO_VOICES = {"en": ("en-US", "none"), "ja": ("ja-JP", "none")}
    monkeypatch.setattr(delivery, "RECONCILE_AFTER", 0.5)
    yield wire
    wire.post("/control/reset")


@pytest.fixture
def queue(portal, transactional_db):
    def make(channel=Channel.SMS, **fields):
        return services.enqueue(
            **{
                "user": None,
                "channel": channel,
                "name": "security_code",
                "to": TO,
                "language": "en",
                "context": {"code": "493817", "reference": "KMP"},
                "expires_at": timezone.now() + timedelta(minutes=5),
                "is_code": True,
                **fields,
            }
        )

    return make


def becomes(message, status, detail=None, seconds=10):
    """Waits until the message stands so."""

    def stands():
        message.refresh_from_db()
        return message.status == status and detail in (None, message.detail)

    try:
        wait_until(stands, seconds=seconds)
    except AssertionError:
        pytest.fail(f"{message.status} {message.detail!r} instead of {status} {detail!r}")
    return message


def test_a_text_message_is_delivered(queue, portal):
    message = becomes(queue(), Status.DELIVERED)
    [seen] = portal.messages(TO)
    assert "KMP-493817" in seen["body"]
    assert message.provider_id == seen["sid"]
    assert message.body is None


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_busy_service_is_asked_again(queue, portal, times):
    portal.fault("messages", "http_429", times=times)
    message = becomes(queue(), Status.DELIVERED)
    assert message.tries == times + 1
    assert len(portal.messages(TO)) == 1


def test_a_service_that_stays_busy_is_given_up(queue, portal):
    portal.fault("messages", "http_429", times=9)
    assert becomes(queue(), Status.FAILED).detail == "busy"
    assert portal.messages(TO) == []


def test_a_service_that_is_away_is_given_up_after_four_tries(queue, portal, settings):
    settings.TWILIO_API_BASE = "http://localhost:9"
    message = becomes(queue(), Status.FAILED)
    assert (message.detail, message.tries) == ("busy", 4)


@pytest.mark.parametrize("fault", ["accept_then_reset", "accept_then_500", "accept_then_timeout"])
def test_a_lost_answer_is_made_good_by_the_callback(queue, portal, fault):
    portal.fault("messages", fault)
    message = becomes(queue(), Status.DELIVERED)
    assert len(portal.messages(TO)) == 1
    assert message.tries == 1


@pytest.mark.parametrize("fault", ["accept_then_reset", "accept_then_500", "accept_then_timeout"])
def test_a_lost_answer_without_callbacks_is_looked_up(queue, portal, fault):
    portal.fault("callbacks", "no_callback", times=9)
    portal.fault("messages", fault)
    message = queue()
    wait_until(lambda: Message.objects.filter(pk=message.pk).exclude(provider_id="").exists())
    message.refresh_from_db()
    assert message.status in {Status.SENT, Status.DELIVERED}
    assert [one["sid"] for one in portal.messages(TO)] == [message.provider_id]


@pytest.mark.parametrize("fault", ["http_500", "http_503", "reset", "timeout"])
def test_an_unclear_failure_is_never_posted_again(queue, portal, fault):
    portal.fault("messages", fault)
    message = becomes(queue(), Status.UNKNOWN, "not_found")
    assert message.tries == 1
    tasks.deliver(str(message.pk))
    assert portal.messages(TO) == []
    assert wording.delivery(message, timezone.now()).advice == "resend"


@pytest.mark.parametrize("fault", ["duplicate_callback", "reordered_callbacks", "late_callback"])
def test_odd_callbacks_end_the_same(queue, portal, fault):
    portal.fault("callbacks", fault, times=2, ms=500)
    becomes(queue(), Status.DELIVERED)


def test_forged_callbacks_change_nothing_and_the_truth_is_fetched(queue, portal):
    portal.fault("callbacks", "forged_callback", times=9)
    message = becomes(queue(), Status.SENT)
    wait_until(lambda: portal.messages(TO)[0]["status"] == "delivered")
    wait_until(lambda: len(portal.get("/control/callbacks")["callbacks"]) >= 2)
    becomes(message, Status.SENT)
    tasks.reconcile(str(message.pk))
    becomes(message, Status.DELIVERED)


@pytest.mark.parametrize(
    ("profile", "status", "code", "advice"),
    [
        ({"reachable": False}, Status.UNDELIVERED, 30003, "resend"),
        ({"landline": True}, None, None, "voice"),
        ({"opted_out": True}, Status.FAILED, 21610, "start"),
        ({"sms_capable": False}, None, None, "voice"),
    ],
)
def test_what_the_telephone_cannot_take_is_told(queue, portal, profile, status, code, advice):
    portal.post(f"/phone/{TO}/profile", **profile)
    message = queue()
    wait_until(lambda: Message.objects.filter(pk=message.pk, error_code__gt=0).exists())
    message.refresh_from_db()
    assert message.status in {status or message.status}
    assert message.error_code == (code or message.error_code)
    assert wording.delivery(message, timezone.now()).advice == advice


def ringing(portal):
    return wait_until(lambda: next((c for c in portal.calls(TO) if c["status"] == "ringing"), None))


def spoken(portal):
    return " | ".join(portal.calls(TO)[0]["spoken"])


def test_a_call_reads_the_code_after_a_key(queue, portal):
    message = queue(Channel.VOICE)
    call = ringing(portal)
    becomes(message, Status.SENT, "ringing")
    portal.post(f"/phone/{TO}/calls/{call['sid']}/answer")
    becomes(message, Status.SENT, "answered")
    wait_until(lambda: "Press 1" in spoken(portal))
    assert "4, 9, 3" not in spoken(portal)
    portal.post(f"/phone/{TO}/calls/{call['sid']}/press", digits="1")
    wait_until(lambda: spoken(portal).count("4, 9, 3, 8, 1, 7") == 2)
    becomes(message, Status.DELIVERED)
    wait_until(lambda: "hear it again" in spoken(portal))
    portal.post(f"/phone/{TO}/calls/{call['sid']}/press", digits="1")
    wait_until(lambda: spoken(portal).count("4, 9, 3, 8, 1, 7") == 4)
    portal.post(f"/phone/{TO}/calls/{call['sid']}/hangup")
    wait_until(lambda: Message.objects.filter(pk=message.pk, body=None).exists())
    becomes(message, Status.DELIVERED)


def test_nine_reports_the_call(queue, portal):
    message = queue(Channel.VOICE)
    call = ringing(portal)
    portal.post(f"/phone/{TO}/calls/{call['sid']}/answer")
    wait_until(lambda: "Press 1" in spoken(portal))
    portal.post(f"/phone/{TO}/calls/{call['sid']}/press", digits="9")
    wait_until(lambda: Entry.objects.filter(event="code.call_reported").exists())
    wait_until(lambda: "no longer works" in spoken(portal))
    assert "4, 9, 3" not in spoken(portal)
    becomes(message, Status.DELIVERED)


def test_a_declined_call_is_busy(queue, portal):
    message = queue(Channel.VOICE)
    portal.post(f"/phone/{TO}/calls/{ringing(portal)['sid']}/decline")
    becomes(message, Status.UNDELIVERED, "busy")


def test_an_unanswered_call_is_told(queue, portal):
    becomes(queue(Channel.VOICE), Status.UNDELIVERED, "no-answer")


def test_an_answering_machine_learns_nothing(queue, portal):
    portal.post(f"/phone/{TO}/profile", voicemail=True)
    becomes(queue(Channel.VOICE), Status.UNDELIVERED, "no_key", seconds=20)
    assert "4, 9, 3" not in spoken(portal)


def test_the_sandbox_waits_for_no_callback(queue, settings):
    settings.TWILIO_MODE = "sandbox"
    settings.TWILIO_ACCOUNT_SID = "AC00000000000000000000000000000002"
    settings.TWILIO_AUTH_TOKENS = ["emulator_test_token"]
    message = becomes(queue(), Status.SENT, "sandbox")
    told = wording.delivery(message, timezone.now())
    assert told.final
    assert "sandbox" in told.text
