"""The notices of the portal."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.alerts import inbox
from accounts.alerts.catalogue import CATALOGUE
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import Origin
from accounts.users.models import User
from tests.accounts.alerts.test_messages import DETAIL
from tests.tampering import tampering

pytestmark = pytest.mark.django_db
ORIGIN = Origin(address="203.0.113.7", agent="Mozilla/5.0 (Windows NT 10.0) Chrome/130.0")


def record(user: User, event: Event, **detail: object) -> Entry:
    with transaction.atomic():
        return audit.record(event, user=audit.lock(user.pk), origin=ORIGIN, detail=detail)


def page(user: User, **how: object) -> inbox.Page:
    return inbox.page(User.objects.get(pk=user.pk), **how)


def test_keeps_what_the_owner_is_told_of_and_nothing_else(alice):
    record(alice, Event.SIGNED_IN)
    record(alice, Event.SIGNED_IN_NEW_DEVICE)
    record(alice, Event.SIGN_IN_REFUSED, why="locked")
    record(alice, Event.SIGN_IN_REFUSED, why="address")
    found = page(alice).notices
    assert [one.title for one in found] == ["Sign-in refused", "Signed in from a new device"]
    assert inbox.unread(alice.pk) == 2
    assert all(one.is_new for one in found)
    assert "Chrome on Windows" in found[0].device
    assert found[0].address == "203.0.113.7"


def test_says_the_words_of_the_mail_in_the_language_of_the_reader(dai, client, sign_in):
    sign_in(client, dai)
    record(dai, Event.SIGN_IN_LOCKED)
    assert "1日間停止" in client.get("/inbox/").content.decode()


@pytest.mark.parametrize("event", sorted(CATALOGUE))
def test_every_alert_can_be_read_in_the_portal(alice, event):
    detail = DETAIL | {"why": "address", "card": "…0001"}
    place = {"address": "203.0.113.7", "agent": "Firefox"}
    facts = {"origin": place, "detail": detail, "actor": "self", "digest": "a" * 64}
    Entry.objects.create(user=alice, number=1, at=timezone.now(), event=event, **facts)
    (notice,) = page(alice).notices
    assert notice.text.strip()
    assert "{{" not in notice.text


def test_counting_a_notice_takes_no_statement(alice, counted_queries):
    """The entry moves the chain and the count in one: the alert itself is all that is more."""
    record(alice, Event.SIGNED_IN)
    with counted_queries() as plain:
        record(alice, Event.SIGNED_IN)
    User.objects.filter(pk=alice.pk).update(alert_choices={"no_email": ["cards"]})
    alice.emailaddresss.update(primary=False, verified_at=None)
    with counted_queries() as noted:
        record(alice, Event.CARD_SHIPPED)
    assert inbox.unread(alice.pk) == 1
    assert len(noted) == len(plain)


def test_what_came_since_the_page_was_shown_stays_new(alice):
    record(alice, Event.SIGN_IN_LOCKED)
    shown = page(alice)
    record(alice, Event.SIGN_IN_UNLOCKED)
    inbox.mark_read(user_id=alice.pk, up_to=shown.newest)
    assert inbox.unread(alice.pk) == 1
    assert [one.is_new for one in page(alice).notices] == [True, False]


def test_reading_never_goes_back_nor_beyond_the_end(alice):
    record(alice, Event.SIGN_IN_LOCKED)
    inbox.mark_read(user_id=alice.pk, up_to=99)
    assert inbox.unread(alice.pk) == 1
    inbox.mark_read(user_id=alice.pk, up_to=1)
    inbox.mark_read(user_id=alice.pk, up_to=0)
    assert inbox.unread(alice.pk) == 0


def test_an_undone_act_leaves_no_notice(alice):
    with transaction.atomic():
        audit.record(Event.SIGN_IN_LOCKED, user=audit.lock(alice.pk), origin=ORIGIN)
        transaction.set_rollback(True)
    assert inbox.unread(alice.pk) == 0
    assert page(alice).notices == []


def test_goes_on_by_key(alice):
    for _time in range(inbox.PAGE + 3):
        record(alice, Event.SIGN_IN_LOCKED)
    first = page(alice)
    second = page(alice, before=first.older)
    numbers = [one.number for one in (*first.notices, *second.notices)]
    assert numbers == list(range(inbox.PAGE + 3, 0, -1))
    assert second.older is None


def test_forgets_after_a_while(alice, settings):
    record(alice, Event.SIGN_IN_LOCKED)
    long_ago = timezone.now() - timedelta(days=settings.INBOX_DAYS, minutes=1)
    with tampering():
        Entry.objects.update(at=long_ago)
    assert page(alice).notices == []


def test_the_page_marks_nothing_by_itself_and_another_sees_none_of_it(client, alice, bob, sign_in):
    record(alice, Event.SIGN_IN_LOCKED)
    record(bob, Event.PASSWORD_CHANGED)
    sign_in(client, alice)
    shown = client.get("/inbox/").content.decode()
    assert "Sign-in paused" in shown
    assert "Password changed" not in shown
    unread = inbox.unread(alice.pk)
    assert unread >= 1
    user = User.objects.get(pk=alice.pk)
    assert client.get("/inbox/read/").status_code == 405
    assert client.post("/inbox/read/", {"up_to": user.audit_number})["Location"] == "/inbox/"
    assert inbox.unread(alice.pk) == 0
    assert inbox.unread(bob.pk) == 1


@pytest.mark.parametrize("up_to", ["", "x", "-1", "１", "9" * 400])
def test_odd_marks_change_nothing(client, alice, sign_in, up_to):
    record(alice, Event.SIGN_IN_LOCKED)
    sign_in(client, alice)
    before = inbox.unread(alice.pk)
    assert client.post("/inbox/read/", {"up_to": up_to}).status_code in {302, 400}
    assert inbox.unread(alice.pk) == before


@pytest.mark.parametrize("before", ["", "x", "-1", "0", "9" * 400])
def test_odd_places_in_the_list_are_a_page(client, alice, sign_in, before):
    sign_in(client, alice)
    assert client.get("/inbox/", {"before": before}).status_code == 200


def test_a_hostile_agent_is_shown_as_text(client, alice, sign_in):
    sign_in(client, alice)
    with transaction.atomic():
        origin = Origin(address="203.0.113.7", agent="<script>alert(1)</script>")
        detail = {"member": "<b>x</b>", "account": "U1"}
        audit.record(
            Event.ACCOUNT_USER_ADDED, user=audit.lock(alice.pk), origin=origin, detail=detail
        )
    shown = client.get("/inbox/").content.decode()
    assert "<b>x" not in shown
    assert "<script>alert" not in shown
