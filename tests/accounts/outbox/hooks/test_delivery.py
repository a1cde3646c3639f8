"""A post on its way: what each answer does, and who waits for whom."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.outbox import delivery, sweep
from accounts.outbox.hooks import rules, services
from accounts.outbox.hooks.models import Hook, HookKey
from accounts.outbox.hooks.verifying import NotGenuine, verified
from accounts.outbox.models import Channel, Message, Status
from accounts.outbox.ports import Answer
from tests.accounts.outbox.hooks.conftest import ORIGIN, URL, WHY

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(added):
    return added()


@pytest.fixture
def post(made, asked):
    def queue() -> Message:
        return services.test(pk=made.hook.pk, origin=ORIGIN, **WHY)

    return queue


def after(message: Message, gateways) -> Message:
    delivery.deliver(message.pk, gateways)
    message.refresh_from_db()
    return message


def due(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(retry_at=None)
    Hook.objects.update(rests_until=None)


@pytest.mark.parametrize("status", [200, 202, 204])
def test_2xx_is_taken(made, post, gateways, telephone, status):
    telephone.answers.append(Answer(status))
    message = after(post(), gateways)
    assert (message.status, message.answer, message.tries) == (Status.DELIVERED, status, 1)
    assert message.body is None
    assert message.took_ms is not None
    [(url, body, headers)] = telephone.posted
    assert url == URL
    secrets = {made.kid: made.secret}
    now = timezone.now().timestamp()
    event = verified(body, headers["Portal-Signature"], secrets, now=now)
    assert event["id"] == headers["Portal-Event-Id"] == message.about
    assert made.secret not in str(headers)


def test_while_keys_are_changed_either_verifies(made, post, gateways, telephone):
    second = services.add_key(pk=made.hook.pk, origin=ORIGIN, **WHY)
    after(post(), gateways)
    services.drop_key(pk=made.hook.pk, kid=made.kid, origin=ORIGIN, **WHY)
    after(post(), gateways)
    (_, both, h), (_, one, g) = telephone.posted
    now = timezone.now().timestamp()
    for key in (made, second):
        assert verified(both, h["Portal-Signature"], {key.kid: key.secret}, now=now)
    assert verified(one, g["Portal-Signature"], {second.kid: second.secret}, now=now)
    with pytest.raises(NotGenuine):
        verified(one, g["Portal-Signature"], {made.kid: made.secret}, now=now)


@pytest.mark.parametrize(
    "answer",
    [
        *(Answer(429, retry_after=90), Answer(500), Answer(503), Answer(599)),
        Answer(0, "timeout", is_worth_another_try=True),
        Answer(0, "dns", is_worth_another_try=True),
        RuntimeError("whatever"),
    ],
)
def test_what_may_pass_is_tried_again_with_the_same_event(post, gateways, telephone, answer):
    telephone.answers.append(answer)
    message = after(post(), gateways)
    assert message.status == Status.QUEUED
    assert message.retry_at > timezone.now() - timedelta(seconds=1)
    due(message)
    assert after(message, gateways).status == Status.DELIVERED
    first, second = telephone.posted
    assert first[1] == second[1]
    assert message.tries == 2


def test_it_comes_no_sooner_than_it_was_asked_to(post, gateways, telephone):
    telephone.answers.append(Answer(429, retry_after=90))
    assert after(post(), gateways).retry_at > timezone.now() + timedelta(seconds=80)


def test_nobody_is_kept_for_ever_by_what_they_ask(post, gateways, telephone):
    telephone.answers.append(Answer(429, retry_after=10.0**6))
    assert after(post(), gateways).retry_at < timezone.now() + timedelta(hours=1, seconds=5)


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (Answer(302, "redirect"), "redirect"),
        (Answer(400), "refused"),
        (Answer(401), "refused"),
        (Answer(404), "refused"),
        (Answer(0, "address"), "address"),
    ],
)
def test_anything_else_is_the_end_of_it(made, post, gateways, telephone, answer, detail):
    telephone.answers.append(answer)
    message = after(post(), gateways)
    assert (message.status, message.detail) == (Status.FAILED, detail)
    assert len(telephone.posted) == 1
    assert Hook.objects.get(pk=made.hook.pk).off == ""


def test_410_switches_it_off_for_whatever_waits(made, post, gateways, telephone):
    one, other = post(), post()
    telephone.answers.append(Answer(410))
    assert after(one, gateways).detail == "gone"
    assert Hook.objects.get(pk=made.hook.pk).off == "gone"
    assert Entry.objects.get(event=Event.HOOK_GONE).detail == {"endpoint": made.hook.pk}
    assert after(other, gateways).detail == "off"
    assert len(telephone.posted) == 1
    services.choose(pk=made.hook.pk, types=rules.TYPES, is_on=True, origin=ORIGIN, **WHY)
    assert after(post(), gateways).status == Status.DELIVERED


def test_one_that_fails_rests_and_others_do_not_wait_for_it(added, made, post, gateways, telephone):
    telephone.answers.append(Answer(0, "timeout", is_worth_another_try=True))
    after(post(), gateways)
    waiting = after(post(), gateways)
    assert (waiting.status, waiting.tries) == (Status.QUEUED, 0)
    assert waiting.retry_at is not None
    assert len(telephone.posted) == 1
    healthy = added("https://other.broker.example/").hook
    message = services.test(pk=healthy.pk, origin=ORIGIN, **WHY)
    assert after(message, gateways).status == Status.DELIVERED


def test_one_that_is_back_gets_what_waited(made, post, gateways, asked):
    waiting, now = post(), post()
    later = timezone.now() + timedelta(hours=1)
    Message.objects.filter(pk=waiting.pk).update(retry_at=later, tries=3)
    Hook.objects.update(failures=7)
    after(now, gateways)
    assert ("deliver", waiting.pk, 0) in asked
    assert after(waiting, gateways).status == Status.DELIVERED
    assert Hook.objects.get().failures == 0


def test_no_more_are_on_the_way_than_may_be(post, gateways, telephone, settings):
    settings.WEBHOOKS_AT_ONCE = 2
    for message in (post(), post()):
        now = timezone.now()
        Message.objects.filter(pk=message.pk).update(
            status=Status.SENDING, posting_at=now, changed_at=now
        )
    assert after(post(), gateways).status == Status.QUEUED
    assert telephone.posted == []


def test_one_that_takes_its_time_leaves_room_for_others(added, post, gateways, settings):
    settings.WEBHOOKS_AT_ONCE = 2
    now = timezone.now()
    slow = Message.objects.filter(pk=post().pk)
    slow.update(status=Status.SENDING, posting_at=now, changed_at=now)
    assert after(post(), gateways).status == Status.QUEUED
    other = added("https://other.broker.example/").hook
    message = services.test(pk=other.pk, origin=ORIGIN, **WHY)
    assert after(message, gateways).status == Status.DELIVERED


def test_however_many_wait_codes_come_first(post, queued, asked):
    long_ago = timezone.now() - timedelta(minutes=1)
    for _ in range(3):
        post()
    code = queued()
    Message.objects.update(not_before=long_ago, changed_at=long_ago)
    asked.clear()
    sweep.sweep()
    assert asked[0][1] == code.pk
    assert len(asked) == 4


def test_one_that_is_put_off_is_left_alone_until_its_time(post, asked):
    message = post()
    past, ahead = timezone.now() - timedelta(hours=1), timezone.now() + timedelta(hours=1)
    Message.objects.update(not_before=past, changed_at=past, retry_at=ahead)
    asked.clear()
    sweep.sweep()
    assert asked == []
    now = timezone.now()
    Message.objects.update(changed_at=now - timedelta(seconds=3), retry_at=now)
    sweep.sweep()
    assert [one[1] for one in asked] == [message.pk]


def test_one_whose_worker_was_lost_is_posted_again(post, gateways, telephone):
    message = post()
    lately, past = timezone.now(), timezone.now() - timedelta(minutes=1)
    mine = Message.objects.filter(pk=message.pk)
    mine.update(status=Status.SENDING, posting_at=lately, changed_at=lately, tries=1)
    delivery.reconcile(message.pk, gateways)
    assert mine.get().status == Status.SENDING
    mine.update(posting_at=past, changed_at=past)
    delivery.reconcile(message.pk, gateways)
    due(message)
    assert after(message, gateways).status == Status.DELIVERED
    assert len(telephone.posted) == 1


def test_its_life_ends(post, gateways, telephone):
    message = post()
    Message.objects.update(expires_at=timezone.now())
    assert after(message, gateways).detail == "expired"
    assert telephone.posted == []


def test_a_key_that_cannot_be_opened_signs_nothing(post, gateways, telephone):
    message = post()
    HookKey.objects.update(secret=b"\x01garbage")
    assert after(message, gateways).detail == "unreadable"
    assert telephone.posted == []


def test_an_address_that_was_changed_in_the_table_is_judged_again(post, gateways, telephone):
    message = post()
    Hook.objects.update(url="https://169.254.169.254/")
    assert after(message, gateways).detail == "address"
    assert telephone.posted == []


def test_a_key_signs_for_no_other_address_and_no_other_endpoint(
    added, made, post, gateways, telephone
):
    Hook.objects.update(url="https://thief.example/portal")
    assert after(post(), gateways).detail == "unreadable"
    Hook.objects.update(url=URL)
    other = added("https://other.broker.example/").hook
    other.keys.update(place=2)
    HookKey.objects.filter(kid=made.kid).update(hook=other)
    message = services.test(pk=other.pk, origin=ORIGIN, **WHY)
    assert after(message, gateways).detail == "unreadable"
    assert telephone.posted == []


def test_the_body_is_what_was_written_when_it_happened(post, gateways, telephone):
    message = post()
    after(message, gateways)
    told = json.loads(telephone.posted[0][1])
    assert told.keys() == {"id", "type", "time", "subject", "data"}
    assert Message.objects.filter(channel=Channel.HOOK).get().user is None
