import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.freeze import services as freezes
from accounts.freeze.models import How, Trading
from accounts.origin import SYSTEM, Origin
from accounts.outbox.hooks import listing, rules, services
from accounts.outbox.hooks.models import HookEvent, HookKey
from accounts.outbox.models import Channel, Message, Status
from accounts.sessions import services as sessions
from accounts.sessions.models import End
from tests.accounts.outbox.hooks.conftest import ORIGIN, URL, WHY

pytestmark = pytest.mark.django_db


def told() -> list[dict]:
    return [json.loads(event.body) for event in HookEvent.objects.order_by("at")]


def opened(user, token: str, platform: str = "tws"):
    with transaction.atomic():
        return sessions.open_session(
            user=audit.lock(user.pk),
            token=token,
            origin=Origin(address="192.0.2.1", platform=platform),
            device="",
            method="sms",
            public_computer=False,
        )


def test_a_secret_is_sealed_and_told_once(added):
    made = added()
    key = HookKey.objects.get(kid=made.kid)
    assert made.secret.encode() not in bytes(key.secret)
    assert key.opened() == made.secret
    entry = Entry.objects.get(event=Event.HOOK_ADDED)
    assert (entry.actor, entry.detail["ticket"]) == ("staff:uma", "SEC-77")
    assert made.secret not in json.dumps(entry.detail)
    assert URL not in json.dumps(entry.detail)
    assert entry.detail["host"] == "hooks.broker.example"


def test_two_keys_and_no_more_and_never_none(added):
    hook = added().hook
    first = hook.keys.get()
    second = services.add_key(pk=hook.pk, origin=ORIGIN, **WHY)
    assert second.kid != first.kid
    with pytest.raises(services.TooMany):
        services.add_key(pk=hook.pk, origin=ORIGIN, **WHY)
    assert services.drop_key(pk=hook.pk, kid=first.kid, origin=ORIGIN, **WHY)
    assert not services.drop_key(pk=hook.pk, kid=first.kid, origin=ORIGIN, **WHY)
    with pytest.raises(services.LastKey):
        services.drop_key(pk=hook.pk, kid=second.kid, origin=ORIGIN, **WHY)
    with pytest.raises(IntegrityError), transaction.atomic():
        HookKey.objects.create(hook=hook, kid="x", place=3, secret=b"x", created_at=timezone.now())


def test_there_are_not_more_than_ten(added):
    for _ in range(services.MOST):
        added()
    with pytest.raises(services.TooMany):
        added()


def test_one_that_is_off_makes_room_and_comes_back_where_there_is_some(added):
    first, *_others = [added().hook for _ in range(services.MOST)]
    what = {"pk": first.pk, "types": rules.TYPES, "origin": ORIGIN, **WHY}
    assert services.choose(is_on=False, **what)
    assert services.has_room()
    last = added().hook
    with pytest.raises(services.TooMany):
        services.choose(is_on=True, **what)
    assert services.choose(**what | {"pk": last.pk, "is_on": False})
    assert services.choose(is_on=True, **what)


def test_an_address_inside_is_not_taken(added):
    with pytest.raises(services.BadAddress):
        added("https://169.254.169.254/latest/meta-data/")


def test_a_freeze_is_told_with_the_sessions_that_it_ended(added, alice):
    added()
    row = opened(alice, "the secret token")
    freezes.freeze(user_id=alice.pk, origin=SYSTEM, how=How.PAGE, trading=Trading.NOTHING)
    ended, frozen = told()
    assert ended["type"] == "session.ended"
    assert ended["subject"] == "alice"
    assert ended["data"] == {"sessions": [row.key[:12]], "why": "frozen"}
    assert frozen["type"] == "account.frozen"
    assert "the secret token" not in json.dumps([ended, frozen])
    assert row.key not in json.dumps(ended)
    assert row.token not in json.dumps(ended)


def test_one_that_is_logged_off_is_told(added, alice):
    added()
    row = opened(alice, "token")
    sessions.end(row=row, why=End.SIGNED_OUT, origin=SYSTEM)
    [event] = told()
    assert event["data"] == {"sessions": [row.key[:12]], "why": "signed_out"}


def test_what_is_taken_back_was_never_told(added, alice):
    added()

    def undone():
        with transaction.atomic():
            sessions.close_all(user=audit.lock(alice.pk), why=End.CLOSED, origin=SYSTEM)
            raise RuntimeError

    opened(alice, "token")
    with pytest.raises(RuntimeError):
        undone()
    assert told() == []
    assert not Message.objects.filter(channel=Channel.HOOK).exists()


def test_only_endpoints_that_are_on_and_want_it_are_told(added, alice):
    wants = added(types=["session.ended"]).hook
    added(types=["device.removed"])
    off = added().hook
    services.choose(pk=off.pk, types=rules.TYPES, is_on=False, origin=ORIGIN, **WHY)
    sessions.end(row=opened(alice, "token"), why=End.CLOSED, origin=SYSTEM)
    [message] = Message.objects.filter(channel=Channel.HOOK)
    assert message.to == str(wants.pk)


def test_nobody_is_told_of_staff(added, sam):
    added()
    sessions.end(row=opened(sam, "token", "web"), why=End.CLOSED, origin=SYSTEM)
    assert told() == []


def test_it_costs_one_query_where_nobody_wants_to_know(alice, django_assert_num_queries):
    happened = rules.Happened("session.ended", {})
    with django_assert_num_queries(1):
        services.tell(user=alice, at=timezone.now(), happened=happened)


def test_it_costs_three_however_many_want_to_know(added, alice, django_assert_num_queries):
    for _ in range(5):
        added()
    happened = rules.Happened("session.ended", {})
    with django_assert_num_queries(3):
        services.tell(user=alice, at=timezone.now(), happened=happened)
    assert HookEvent.objects.count() == 1
    assert Message.objects.filter(channel=Channel.HOOK).count() == 5


def test_sent_again_it_is_the_same_event(added):
    hook = added().hook
    first = services.test(pk=hook.pk, origin=ORIGIN, **WHY)
    Message.objects.update(status=Status.FAILED, body=None)
    second = services.send_again(pk=hook.pk, message_id=first.pk, origin=ORIGIN, **WHY)
    assert second.pk != first.pk
    assert second.about == first.about
    assert json.loads(second.content()["text"])["id"] == first.about
    assert Entry.objects.filter(event=Event.HOOK_SENT_AGAIN).exists()


def test_a_post_of_another_endpoint_is_not_sent_again(added):
    one, other = added().hook, added().hook
    message = services.test(pk=one.pk, origin=ORIGIN, **WHY)
    sent = services.send_again(pk=other.pk, message_id=message.pk, origin=ORIGIN, **WHY)
    assert sent is None


def test_the_log_is_paged_by_its_key(added, django_assert_num_queries):
    hook, other = added().hook, added().hook
    for _ in range(listing.PAGE + 3):
        services.test(pk=hook.pk, origin=ORIGIN, **WHY)
    services.test(pk=other.pk, origin=ORIGIN, **WHY)
    with django_assert_num_queries(1):
        first = listing.page(hook)
    second = listing.page(hook, before=first.older)
    assert (len(first.rows), len(second.rows), second.older) == (listing.PAGE, 3, "")
    assert not {one.pk for one in first.rows} & {one.pk for one in second.rows}
    for key in ("", "x", "_", "2026-01-01_x", "2026-01-01T00:00:00_" + str(first.rows[0].pk)):
        assert listing.page(hook, before=key).rows == first.rows
    for moment in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"):
        assert listing.page(hook, before=f"{moment}_{first.rows[0].pk}").rows == first.rows


def test_what_was_told_long_ago_is_forgotten(added):
    hook = added().hook
    services.test(pk=hook.pk, origin=ORIGIN, **WHY)
    assert services.purge(timezone.now() - timedelta(days=1)) == 0
    assert services.purge(timezone.now() + timedelta(days=1)) == 1
