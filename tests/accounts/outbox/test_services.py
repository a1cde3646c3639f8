from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kombu.exceptions import OperationalError

from accounts.outbox import rules, services
from accounts.outbox.models import Channel, Message, Status
from accounts.outbox.signals import inbound, learnt
from accounts.vault import CannotOpen

pytestmark = pytest.mark.django_db


def test_queueing_costs_one_insert(queued, counted_queries):
    with counted_queries(1) as statements:
        queued()
    assert statements[0].startswith("INSERT")


def test_a_worker_is_called_after_the_commit(queued, asked, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        message = queued()
        assert asked == []
    assert asked == [("deliver", message.pk, 0)]


def test_a_planned_message_is_called_for_its_time(
    queued, asked, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        queued(not_before=timezone.now() + timedelta(seconds=30))
    assert 29 < asked[0][2] <= 30


@pytest.mark.django_db(transaction=True)
def test_a_message_of_a_rolled_back_act_does_not_exist(queued, asked):
    with transaction.atomic():
        queued()
        transaction.set_rollback(True)
    assert asked == []
    assert not Message.objects.exists()


def test_the_row_stays_when_the_broker_is_down(
    queued, monkeypatch, django_capture_on_commit_callbacks
):
    def down(*_args, **_kwargs):
        raise OperationalError

    monkeypatch.setattr("celery.app.base.Celery.send_task", down)
    with django_capture_on_commit_callbacks(execute=True):
        message = queued()
    message.refresh_from_db()
    assert message.status == Status.QUEUED


def test_the_body_is_sealed(queued):
    message = queued()
    assert b"493817" not in bytes(message.body)
    assert "KMP-493817" in message.content()["text"]


def test_a_body_does_not_open_in_another_row(queued):
    one, other = queued(), queued()
    other.body = one.body
    with pytest.raises(CannotOpen):
        other.content()


def test_a_known_dedupe_key_sends_nothing(queued, asked, django_capture_on_commit_callbacks):
    first = queued(dedupe="alert:1")
    with django_capture_on_commit_callbacks(execute=True):
        assert queued(dedupe="alert:1") == first
    assert asked == []


def test_code_sends_are_those_of_a_day_to_this_number(queued, clock, counted_queries):
    queued(to="+14155550102")
    queued(is_code=False)
    old = queued()
    clock.shift(timedelta(hours=24, seconds=1))
    planned = queued(not_before=timezone.now() + timedelta(seconds=30))
    Message.objects.filter(pk=queued().pk).update(status=Status.ABORTED)
    with counted_queries(1):
        sends = services.code_sends(old.to, timezone.now())
    assert [send.at for send in sends] == [planned.not_before]


def test_only_what_waits_is_taken_back(queued):
    waiting, gone = queued(), queued()
    services.settle(gone.pk, status=Status.SENDING)
    assert services.abort_queued("challenge") == 1
    waiting.refresh_from_db()
    assert (waiting.status, waiting.body) == (Status.ABORTED, None)


def test_the_latest_message_of_a_challenge_is_one_query(queued, counted_queries):
    queued()
    newest = queued()
    with counted_queries(1):
        assert services.latest("challenge") == newest
    assert services.latest("none") is None


EVENTS = [
    (Status.SENT, "queued"),
    (Status.SENT, "sending"),
    (Status.SENT, "sent"),
    (Status.DELIVERED, ""),
]


@given(order=st.permutations(EVENTS), repeats=st.lists(st.sampled_from(EVENTS), max_size=3))
@settings(max_examples=24, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_callbacks_in_every_order_end_the_same(queued, order, repeats):
    message = queued()
    heights = []
    for status, detail in (*order, *repeats):
        services.settle(message.pk, status=status, detail=detail, provider_id="SM" + "1" * 32)
        message.refresh_from_db()
        heights.append(rules._height(message.status, message.detail))
    assert message.status == Status.DELIVERED
    assert message.body is None
    assert heights == sorted(heights)


def test_a_late_sent_does_not_undo_a_delivery(queued):
    message = queued()
    assert services.settle(message.pk, status=Status.DELIVERED)
    assert not services.settle(message.pk, status=Status.SENT, provider_id="SM1")
    message.refresh_from_db()
    assert (message.status, message.provider_id) == (Status.DELIVERED, "SM1")


def test_a_repeat_changes_nothing(queued):
    message = queued()
    assert services.settle(message.pk, status=Status.UNDELIVERED, error_code=30003)
    message.refresh_from_db()
    changed = message.changed_at
    assert not services.settle(message.pk, status=Status.UNDELIVERED, error_code=30005)
    message.refresh_from_db()
    assert (message.error_code, message.changed_at) == (30003, changed)


def test_an_unknown_message_is_nobodys(db):
    assert not services.settle(UUID(int=0), status=Status.DELIVERED)


def test_the_words_of_a_call_outlive_its_delivery_and_not_its_end(queued):
    message = queued(Channel.VOICE)
    services.settle(message.pk, status=Status.DELIVERED, detail="answered", key_pressed="1")
    message.refresh_from_db()
    assert message.body is not None
    services.settle(message.pk, status=Status.UNDELIVERED, detail="no_key", ended=True)
    message.refresh_from_db()
    assert (message.body, message.status) == (None, Status.DELIVERED)


@pytest.mark.parametrize(
    ("code", "signal", "told"),
    [
        (30006, learnt, {"error_code": 30006, "meaning": "landline"}),
        (21614, learnt, {"error_code": 21614, "meaning": "no_sms"}),
        (30005, learnt, {"error_code": 30005, "meaning": "inactive"}),
        (21610, inbound, {"word": "stop"}),
    ],
)
def test_what_a_carrier_says_of_a_number_is_told(
    queued, code, signal, told, django_capture_on_commit_callbacks
):
    heard = []

    def hear(sender, **kwargs):
        heard.append(kwargs)

    signal.connect(hear)
    message = queued()
    try:
        with django_capture_on_commit_callbacks(execute=True):
            services.settle(message.pk, status=Status.UNDELIVERED, error_code=code)
            services.settle(message.pk, status=Status.UNDELIVERED, error_code=code)
    finally:
        signal.disconnect(hear)
    [one] = heard
    one.pop("signal")
    assert one == {"number": message.to, **told}
