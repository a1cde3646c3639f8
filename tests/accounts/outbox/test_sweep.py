"""What time brings back, and what it takes away."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.outbox.models import Channel, Inbound, Message, Status
from accounts.outbox.sweep import purge, sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def placed(queued, asked):
    """A message in some state, some seconds after it was queued."""

    def make(channel=Channel.SMS, *, seconds=0, life=300, **fields):
        message = queued(channel, life=life)
        then = timezone.now() - timedelta(seconds=seconds)
        times = {name: then if value == "then" else value for name, value in fields.items()}
        Message.objects.filter(pk=message.pk).update(
            **{"changed_at": then, "not_before": then, **times}
        )
        message.refresh_from_db()
        return message

    return make


def test_what_the_broker_missed_is_sent_later(placed, asked):
    message = placed(seconds=11)
    sweep()
    assert asked == [("deliver", message.pk, 0)]
    sweep()
    assert len(asked) == 1


@pytest.mark.parametrize("seconds", [0, 4])
def test_what_a_worker_may_be_taking_is_left_alone(placed, asked, seconds):
    placed(seconds=seconds)
    sweep()
    assert asked == []


def test_what_is_planned_waits_for_its_time(queued, asked, clock):
    queued(not_before=timezone.now() + timedelta(seconds=30))
    clock.shift(25)
    sweep()
    assert asked == []
    clock.shift(11)
    sweep()
    assert [task for task, _, _ in asked] == ["deliver"]


def test_what_died_in_the_queue_is_not_sent(placed, asked):
    message = placed(seconds=20, life=-1)
    sweep()
    message.refresh_from_db()
    assert (message.status, message.detail, message.body) == (Status.FAILED, "expired", None)
    assert asked == []


@pytest.mark.parametrize(
    ("fields", "seconds", "looked_up"),
    [
        ({"status": "sending", "posting_at": "then"}, 31, True),
        ({"status": "sending", "posting_at": "then"}, 20, False),
        ({"status": "unknown", "posting_at": "then"}, 16, True),
        ({"status": "unknown", "posting_at": "then"}, 10, False),
        ({"status": "unknown", "posting_at": "then"}, 700, False),
        ({"status": "sent", "sent_at": "then"}, 91, True),
        ({"status": "sent", "sent_at": "then"}, 80, False),
        ({"status": "sent", "sent_at": "then", "detail": "sandbox"}, 91, False),
        ({"status": "sent", "sent_at": "then", "channel": "email"}, 91, False),
        ({"status": "unknown", "posting_at": "then", "channel": "email"}, 91, False),
        ({"status": "sending", "posting_at": "then", "channel": "email"}, 91, True),
        ({"status": "delivered", "sent_at": "then"}, 91, False),
    ],
)
def test_what_was_lost_is_looked_up(placed, asked, fields, seconds, looked_up):
    message = placed(seconds=seconds, **fields)
    sweep()
    assert asked == ([("reconcile", message.pk, 0)] if looked_up else [])


def test_the_last_word_of_a_route_is_asked_for_once(placed, asked):
    now = timezone.now()
    placed(seconds=200, status="sent", detail="sent", sent_at="then", checked_at=now)
    sweep()
    assert asked == []


@pytest.mark.parametrize(("ago", "asks"), [(20, 0), (31, 1)])
def test_a_provider_is_not_asked_too_often(placed, asked, ago, asks):
    checked = timezone.now() - timedelta(seconds=ago)
    placed(
        Channel.VOICE,
        seconds=200,
        status="sent",
        detail="ringing",
        sent_at="then",
        checked_at=checked,
    )
    sweep()
    assert len(asked) == asks


@pytest.mark.parametrize(
    ("channel", "fields", "life", "wiped"),
    [
        (Channel.SMS, {"status": "delivered"}, 300, True),
        (Channel.SMS, {"status": "queued"}, 300, False),
        (Channel.SMS, {"status": "unknown", "posting_at": "then"}, 300, False),
        (Channel.SMS, {"status": "unknown", "posting_at": "then"}, -181, True),
        (Channel.VOICE, {"status": "delivered", "posting_at": "then"}, 300, False),
        (Channel.VOICE, {"status": "delivered", "posting_at": "then"}, -181, True),
        (Channel.VOICE, {"status": "aborted"}, 300, True),
    ],
)
def test_words_are_wiped_when_nobody_needs_them(placed, channel, fields, life, wiped):
    message = placed(channel, seconds=20, life=life, **fields)
    sweep()
    message.refresh_from_db()
    assert (message.body is None) == wiped


def test_a_call_keeps_its_words_no_longer_than_calls_last(placed):
    message = placed(Channel.VOICE, seconds=181, status="delivered", posting_at="then")
    sweep()
    message.refresh_from_db()
    assert message.body is None


def test_a_sweep_of_a_quiet_house_is_cheap(db, counted_queries):
    with counted_queries(most=6):
        sweep()


def test_old_messages_are_deleted(placed, clock):
    message = placed(status="delivered")
    Inbound.objects.create(provider_id="SM1", at=timezone.now())
    clock.shift(timedelta(days=89))
    assert purge() == 0
    clock.shift(timedelta(days=2))
    assert purge() == 1
    assert not Message.objects.filter(pk=message.pk).exists()
    assert not Inbound.objects.exists()
