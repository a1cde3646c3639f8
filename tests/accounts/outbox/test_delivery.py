"""What a worker does with one message, and what it never does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.outbox import delivery, services
from accounts.outbox.models import Channel, Message, Status
from accounts.outbox.ports import Busy, Refused, Sighting, Unknown

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked(asked):
    """No task leaves these tests."""


@pytest.fixture
def reconcile(gateways):
    def run(message: Message) -> Message:
        delivery.reconcile(message.pk, gateways)
        message.refresh_from_db()
        return message

    return run


def test_it_hands_over_and_forgets_the_words(queued, deliver, telephone):
    message = deliver(queued())
    [sent] = telephone.sent
    assert (message.status, message.detail) == (Status.SENT, "queued")
    assert (message.provider_id, message.tries) == (sent.provider_id, 1)
    assert message.body is None
    assert (sent.to, sent.ref) == (message.to, message.pk)


@pytest.mark.parametrize(("life", "ttl"), [(300, 299), (90, 89), (3600, 300)])
def test_a_code_does_not_arrive_after_it_died(queued, deliver, telephone, life, ttl):
    deliver(queued(life=life))
    assert ttl <= telephone.sent[0].ttl <= min(life, 300)


def test_a_second_task_sends_nothing(queued, deliver, telephone):
    message = deliver(queued())
    deliver(message)
    assert len(telephone.sent) == 1


def test_the_call_is_made_after_the_claim_is_committed(queued, deliver, telephone, monkeypatch):
    seen = []
    send = telephone.send_sms
    monkeypatch.setattr(
        telephone,
        "send_sms",
        lambda *a, **k: (
            seen.append(Message.objects.values_list("status", "posting_at").get()),
            send(*a, **k),
        )[1],
    )
    deliver(queued())
    assert seen[0][0] == Status.SENDING
    assert seen[0][1] is not None


@pytest.mark.parametrize(
    ("fields", "status", "detail"),
    [
        ({"not_before": timedelta(seconds=30)}, Status.QUEUED, ""),
        ({"life": 0}, Status.FAILED, "expired"),
        ({"to": "+19005551234"}, Status.FAILED, "refused"),
    ],
)
def test_what_may_not_go_now_does_not_go(queued, deliver, telephone, fields, status, detail):
    if "not_before" in fields:
        fields = {"not_before": timezone.now() + fields["not_before"]}
    message = deliver(queued(**fields))
    assert (message.status, message.detail) == (status, detail)
    assert telephone.sent == []


def test_what_cannot_be_unsealed_is_not_sent(queued, deliver, telephone):
    message = queued()
    Message.objects.filter(pk=message.pk).update(body=b"\x01broken")
    assert deliver(message).detail == "unreadable"
    assert telephone.sent == []


def test_a_refusal_is_final_and_says_why(queued, deliver, telephone):
    telephone.fail(Refused(21614))
    message = deliver(queued())
    assert (message.status, message.error_code) == (Status.FAILED, 21614)


def test_what_was_not_processed_is_tried_again(queued, deliver, telephone, asked, clock):
    telephone.fail(Busy("429"))
    message = deliver(queued())
    assert message.status == Status.QUEUED
    [(task, pk, delay)] = asked
    assert (task, pk) == ("deliver", message.pk)
    assert 0 <= delay <= 0.5
    clock.shift(1)
    assert deliver(message).status == Status.SENT
    assert (len(telephone.sent), message.tries) == (1, 2)


def test_four_refused_tries_are_enough(queued, deliver, telephone, clock):
    telephone.fail(*[Busy("429")] * 4)
    message = queued()
    for _ in range(4):
        deliver(message)
        clock.shift(10)
    assert (message.status, message.detail, message.tries) == (Status.FAILED, "busy", 4)


def test_the_provider_may_ask_for_patience(queued, deliver, telephone, asked):
    telephone.fail(Busy("429", 7))
    deliver(queued())
    assert asked[0][2] == 7


def test_no_retry_in_the_last_minute_of_a_code(queued, deliver, telephone):
    telephone.fail(Busy("429"))
    message = deliver(queued(life=59))
    assert (message.status, message.detail) == (Status.FAILED, "busy")


@pytest.mark.parametrize("error", [Unknown("ReadTimeout"), KeyError("surprise")])
def test_an_unclear_outcome_is_never_posted_again(
    queued, deliver, reconcile, telephone, asked, error
):
    telephone.lose(error)
    message = deliver(queued())
    assert message.status == Status.UNKNOWN
    assert asked == [("reconcile", message.pk, delivery.RECONCILE_AFTER)]
    deliver(message)
    assert len(telephone.sent) == 1
    reconcile(message)
    assert (message.status, message.provider_id) == (Status.SENT, telephone.sent[0].provider_id)
    assert message.body is None


def test_what_the_provider_never_got_stays_unknown_and_says_so(
    queued, deliver, reconcile, telephone
):
    telephone.fail(Unknown("reset"))
    message = deliver(queued())
    reconcile(message)
    assert (message.status, message.detail) == (Status.UNKNOWN, "not_found")
    assert telephone.sent == []


def test_a_killed_workers_message_is_looked_up(queued, deliver, reconcile, telephone, asked):
    message = queued()
    now = timezone.now()
    Message.objects.filter(pk=message.pk).update(status=Status.SENDING, posting_at=now)
    telephone.send_sms(message.to, message.content()["text"], ttl=1, ref=message.pk)
    deliver(message)
    assert message.status == Status.SENDING
    assert asked[0][0] == "reconcile"
    assert 14 < asked[0][2] <= 15
    assert reconcile(message).status == Status.SENT
    assert len(telephone.sent) == 1


def test_a_resend_is_not_mistaken_for_the_lost_one(queued, deliver, reconcile, telephone):
    deliver(queued())
    telephone.fail(Unknown("reset"))
    lost = deliver(queued())
    assert reconcile(lost).status == Status.UNKNOWN
    assert lost.provider_id == ""


def test_a_lookup_that_fails_leaves_the_question_open(queued, reconcile, gateways, monkeypatch):
    message = queued()
    Message.objects.filter(pk=message.pk).update(
        status=Status.SENDING, posting_at=timezone.now() - timedelta(minutes=1)
    )

    def away(*_args, **_kwargs):
        raise Busy("refused")

    monkeypatch.setattr(gateways.telephone, "look", away)
    assert reconcile(message).status == Status.UNKNOWN


def test_a_silent_message_is_asked_for_by_its_id(queued, deliver, reconcile, telephone):
    message = deliver(queued())
    telephone.seen[message.provider_id] = Sighting(
        message.provider_id, "undelivered", error_code=30003
    )
    assert reconcile(message).status == Status.UNDELIVERED
    assert message.error_code == 30003


def test_a_callback_may_come_before_the_answer(queued, deliver, telephone, monkeypatch):
    send = telephone.send_sms

    def overtaken(to, text, *, ttl, ref):
        accepted = send(to, text, ttl=ttl, ref=ref)
        services.settle(ref, status=Status.DELIVERED, provider_id=accepted.provider_id)
        return accepted

    monkeypatch.setattr(telephone, "send_sms", overtaken)
    assert deliver(queued()).status == Status.DELIVERED


def test_a_call_asks_for_a_key_and_holds_no_code(queued, deliver, telephone):
    message = deliver(queued(Channel.VOICE))
    script = telephone.sent[0].words
    assert script.action == f"/twilio/voice/{message.pk}/"
    assert "4, 9, 3" not in " ".join(script.lines)
    assert "press 1" in script.lines[-1].lower()
    assert message.body is not None


def test_mail_is_done_when_the_server_took_it(queued, deliver, telephone):
    message = deliver(queued(Channel.EMAIL, to="a@example.com"))
    assert (message.status, message.body) == (Status.SENT, None)
    letter = telephone.sent[0].words
    assert "493817" not in letter.subject
    assert "KMP-493817" in letter.text


def test_an_unclear_mail_is_not_sent_twice(queued, deliver, reconcile, telephone, asked):
    telephone.lose(Unknown("SMTPServerDisconnected"))
    message = deliver(queued(Channel.EMAIL, to="a@example.com"))
    assert (message.status, asked) == (Status.UNKNOWN, [])
    deliver(message)
    assert len(telephone.sent) == 1


def test_an_empty_budget_stops_the_range_and_alarms_once(queued, deliver, telephone, settings):
    settings.SENDS_PER_PREFIX_HOUR = 1
    assert deliver(queued()).status == Status.SENT
    for number in ("+14155550102", "+14155550103"):
        message = deliver(queued(to=number))
        assert (message.status, message.detail) == (Status.FAILED, "guard")
    assert deliver(queued(to="+14155551101")).status == Status.SENT
    [entry] = Entry.objects.filter(event="guard.breaker")
    assert entry.detail["range"] == "+14155550xxx"
    assert len(telephone.sent) == 2


def test_the_whole_house_has_a_budget(queued, deliver, settings):
    settings.SENDS_PER_HOUR = 1
    deliver(queued())
    assert deliver(queued(to="+14155551101")).detail == "guard"


def test_a_retry_is_not_counted_again(queued, deliver, telephone, settings, clock):
    settings.SENDS_PER_HOUR = 1
    telephone.fail(Busy("429"))
    message = deliver(queued())
    clock.shift(2)
    assert deliver(message).status == Status.SENT


def test_nothing_is_sent_while_the_budgets_cannot_be_read(queued, deliver, telephone, monkeypatch):
    def down(*_args):
        raise ConnectionError

    monkeypatch.setattr("accounts.limits.take", down)
    message = queued()
    with pytest.raises(ConnectionError):
        deliver(message)
    message.refresh_from_db()
    assert (message.status, telephone.sent) == (Status.QUEUED, [])
