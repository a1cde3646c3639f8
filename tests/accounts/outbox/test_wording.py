"""The delivery line: one true sentence and the next best thing, whatever happened."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.outbox import errors, guard, wording
from accounts.outbox.errors import Advice, Kind
from accounts.outbox.models import Channel, Message, Status

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def line(status, *, channel=Channel.SMS, seconds=8, **fields):
    then = NOW - timedelta(seconds=seconds)
    message = Message(
        status=status,
        channel=channel,
        to="+14155550101",
        changed_at=then,
        created_at=then,
        not_before=fields.pop("not_before", then),
        expires_at=NOW + timedelta(seconds=200),
        **fields,
    )
    return wording.delivery(message, NOW)


def test_nothing_sent_is_an_empty_line():
    assert wording.delivery(None, NOW) == wording.Delivery("", "", "", "", None, True)


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("status", Status)
def test_every_status_of_every_channel_has_a_sentence(channel, status):
    told = line(status, channel=channel)
    assert told.text.endswith((".", "?"))
    assert "%" not in told.text
    assert told.advice in list(Advice)


@pytest.mark.parametrize(
    ("status", "fields", "text", "advice"),
    [
        (Status.SENT, {"detail": "queued"}, "Handed to your carrier 8 s ago.", ""),
        (Status.SENT, {"detail": "sent"}, "Your carrier accepted it 8 s ago.", ""),
        (
            Status.SENT,
            {"detail": "sent", "seconds": 180},
            "Your carrier accepted it 3 min ago.",
            "voice",
        ),
        (Status.DELIVERED, {}, "Delivered to your phone.", ""),
        (
            Status.FAILED,
            {"error_code": 21614},
            "Your carrier says this number cannot take text messages; we can call it.",
            "voice",
        ),
        (
            Status.FAILED,
            {"error_code": 21610},
            "Send START to +1 500-555-0006 to allow them again, or let us call you.",
            "start",
        ),
        (Status.UNDELIVERED, {"error_code": 30003}, "Your phone could not be reached.", "resend"),
        (Status.UNDELIVERED, {"error_code": 30005}, "not in use.", "other_number"),
        (Status.FAILED, {"detail": "busy"}, "The telephone service is busy or away.", "resend"),
        (Status.FAILED, {"detail": "guard"}, "held back", "support"),
        (Status.UNKNOWN, {}, "it may still arrive.", "resend"),
        (Status.UNKNOWN, {"detail": "not_found"}, "probably not sent.", "resend"),
    ],
)
def test_a_text_message_says_what_became_of_it(status, fields, text, advice):
    told = line(status, **fields)
    assert text in told.text
    assert told.advice == advice


@pytest.mark.parametrize(
    ("status", "detail", "shown", "text", "advice"),
    [
        (Status.SENT, "initiated", "sent", "on its way", ""),
        (Status.SENT, "ringing", "ringing", "Your phone is ringing.", ""),
        (Status.SENT, "answered", "answered", "Press 1", ""),
        (Status.DELIVERED, "answered", "delivered", "read to you", ""),
        (Status.UNDELIVERED, "no-answer", "undelivered", "Nobody answered", "resend"),
        (Status.UNDELIVERED, "busy", "undelivered", "busy or the call was declined", "resend"),
        (Status.UNDELIVERED, "no_key", "undelivered", "no code was read", "resend"),
        (Status.FAILED, "", "failed", "could not be reached", "sms"),
    ],
)
def test_a_call_says_where_it_is(status, detail, shown, text, advice):
    told = line(status, channel=Channel.VOICE, detail=detail)
    assert (told.status, told.advice) == (shown, advice)
    assert text in told.text


def test_a_planned_message_says_when():
    told = line(Status.QUEUED, not_before=NOW + timedelta(seconds=11.2))
    assert told.text == "It will be sent in 12 seconds."
    assert not told.final


@pytest.mark.parametrize("code", errors.TABLE)
@pytest.mark.parametrize("channel", [Channel.SMS, Channel.VOICE])
def test_every_error_leads_on(code, channel):
    told = line(Status.FAILED, channel=channel, error_code=code)
    assert told.advice
    assert told.advice != channel.value
    assert str(code) not in told.text


@pytest.mark.parametrize(
    ("code", "kind"),
    [(29999, Kind.CONFIGURATION), (13224, Kind.CONFIGURATION), (30999, Kind.TRANSIENT)],
)
def test_unknown_errors_fall_into_a_class_by_range(code, kind):
    assert errors.classify(code).kind is kind


@pytest.mark.parametrize(
    ("status", "fields", "final"),
    [
        (Status.SENT, {}, False),
        (Status.UNKNOWN, {}, False),
        (Status.SENT, {"detail": "sandbox"}, True),
        (Status.SENT, {"channel": Channel.EMAIL}, True),
        (Status.DELIVERED, {}, True),
        (Status.ABORTED, {}, True),
    ],
)
def test_it_says_whether_more_news_may_come(status, fields, final):
    assert line(status, **fields).final is final


@pytest.mark.parametrize("reason", guard.Reason)
def test_every_refused_number_is_told_why(reason):
    assert wording.refusal(reason).endswith(".")
