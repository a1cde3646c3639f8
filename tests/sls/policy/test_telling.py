"""Everybody whom a policy covers is told: when it is made, a week before, a day before."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.outbox import rendering
from accounts.outbox.models import Channel, Message
from accounts.sessions.models import Session
from sls.policy import tasks, telling
from sls.policy.models import Policy
from tests.cast import person
from tests.sls.policy.conftest import today
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db


def mails() -> list[tuple[str, str]]:
    """To whom, and about which stage."""
    found = Message.objects.filter(name=telling.MESSAGE).order_by("created_at")
    return [(message.to, message.dedupe.split(":")[2]) for message in found]


def test_tells_everybody_once_when_it_is_made(make, alice, carol, sam):
    make(role="client", days=20)
    for _ in range(3):
        telling.tell_due()
    assert sorted(mails()) == [("alice@example.com", "made"), ("carol@example.com", "made")]
    entry = Entry.objects.get(user=alice, event=Event.POLICY_ANNOUNCED)
    assert entry.detail == {
        "from": (today() + timedelta(days=20)).isoformat(),
        "stage": "made",
    }


def test_tells_again_a_week_and_a_day_before(make, alice, clock):
    make(user=alice, days=20)
    for day in range(22):
        telling.tell_due()
        assert day < 20 or not telling.tell_due()
        clock.shift(timedelta(days=1))
    assert [stage for _to, stage in mails()] == ["made", "week", "day"]
    first, week, day = Message.objects.order_by("created_at").values_list("created_at", flat=True)
    assert [(week - first).days, (day - first).days] == [13, 19]


def test_goes_through_a_crowd_in_batches_and_tells_nobody_twice(make, alice, carol, monkeypatch):
    people = [alice, carol, *map(person, ("anna", "bert", "cora"))]
    monkeypatch.setattr(telling, "BATCH", 2)
    policy = make(role="client", days=20)
    assert [telling.tell_due() for _ in range(3)] == [True, True, False]
    assert len({to for to, _stage in mails()}) == len(mails()) == len(people)
    # As if the worker had died before it noted how far it had come.
    Policy.objects.filter(pk=policy.pk).update(announced_at=None)
    while telling.tell_due():
        pass
    assert len(mails()) == len(people)
    assert Entry.objects.filter(event=Event.POLICY_ANNOUNCED).count() == len(people)


def test_leaves_a_round_to_the_worker_that_was_faster(make, alice, carol, monkeypatch):
    monkeypatch.setattr(telling, "BATCH", 1)
    policy = make(role="client", days=20)
    Policy.objects.filter(pk=policy.pk).update(told_to=carol.pk)
    assert not telling._moved(policy, told_to=alice.pk)
    policy.refresh_from_db()
    assert policy.told_to == carol.pk


@pytest.mark.django_db(transaction=True)
def test_the_task_goes_on_until_everybody_was_told(worker, make, alice, carol, monkeypatch):
    monkeypatch.setattr(telling, "BATCH", 1)
    make(role="client", days=20)
    tasks.tell.delay()
    wait_until(lambda: len(mails()) == 2)


def test_tells_only_of_the_policy_that_counts(make, alice):
    make(role="client", days=20)
    make(user=alice, days=30)
    telling.tell_due()
    assert mails() == [("alice@example.com", "made")]
    assert Message.objects.get().dedupe.startswith(f"policy:{Policy.objects.get(role='client').pk}")


def test_tells_nobody_who_is_closed_and_nobody_of_what_was_withdrawn(make, alice, carol):
    type(alice).objects.filter(pk=alice.pk).update(is_active=False)
    make(role="client", days=20)
    Policy.objects.update(ended_at="2027-01-01T00:00Z")
    assert not telling.tell_due()
    Policy.objects.update(ended_at=None)
    telling.tell_due()
    assert mails() == [("carol@example.com", "made")]


def test_open_sessions_learn_of_it(make, client, alice, sign_in):
    sign_in(client, alice)
    make(role="client", days=20)
    assert Session.objects.get().enrol_only_from is None
    telling.tell_due()
    assert Session.objects.get().enrol_only_from == today() + timedelta(days=20)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("in_force", [True, False])
@pytest.mark.parametrize("holds_strong", [True, False])
def test_the_mail_is_whole_and_has_no_link(clock, language, in_force, holds_strong):
    now = timezone.now()
    content = rendering.content(
        Channel.EMAIL,
        telling.MESSAGE,
        to="alice@example.com",
        language=language,
        context={
            "name": "Alice Meadows",
            "username": "alice",
            "day": now.date().replace(year=2027, month=3, day=1),
            "in_force": in_force,
            "holds_strong": holds_strong,
        },
        now=now,
        expires_at=now + telling.MAIL_LIFE,
    )
    day = {"en": "1 March 2027", "ja": "2027年3月1日"}[language]
    for part in ("subject", "text", "html"):
        words = re.sub(r"<style>.*?</style>", "", content[part], flags=re.DOTALL)
        assert not re.search(r"https?:|href|www\.|<a\b|[{}]|None", words)
        assert day in words or (part == "subject" and in_force)
    assert "\n" not in content["subject"]
    assert "1." not in content["text"] if holds_strong else "1." in content["text"]
