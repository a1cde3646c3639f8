"""A freeze in the browser ends the trading session on its next call, and the brokerage hears."""

import pytest

from accounts.origin import Origin
from accounts.outbox.hooks import rules, services
from accounts.outbox.models import Channel, Message, Status
from accounts.sessions.models import Session
from tests import hook_receiver
from tests.cast import PASSWORD
from tests.terminal import Terminal
from tests.waiting import wait_until

ALICE = "+14155550101"
WHY = {"reason": "The risk desk wants to know at once", "ticket": "SEC-77"}
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_freeze_in_the_browser_ends_tws_and_is_told_signed(
    new_person, alice, stack, live_server, settings
):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    with hook_receiver.receiver() as desk:
        made = services.add(url=desk.url, types=rules.TYPES, origin=Origin(), **WHY)
        owner = new_person()
        owner.give_password("alice")
        owner.give_code(owner.read_code(ALICE))
        owner.is_in()
        with Terminal("--portal", live_server.url, "--username", "alice") as tws:
            tws.sees("Password: ")
            tws.types(PASSWORD)
            tws.sees("Security Code: ")
            texts = wait_until(lambda: (m := stack.messages(ALICE)) and len(m) >= 2 and m)
            tws.types(texts[0]["body"].rpartition("#")[2].strip())
            tws.sees(r"Signed in +alice")
            ended = {row.key[:12] for row in Session.objects.filter(ended_at=None)}
            assert len(ended) == 2

            owner.page.locator("footer").get_by_role("link", name="This was not me").click()
            owner.press("Stop everything now")
            owner.sees("Everything is stopped", "h1")
            tws.types("")
            tws.sees("Everything is stopped for this user name")
            tws.ends_with(4)

        wait_until(lambda: len(desk.taken) >= 2)
        events = desk.events(**{made.kid: made.secret})
        found = {event["type"]: event for event in events}
        assert found["session.ended"]["subject"] == "alice"
        assert ended == {one for event in events for one in event["data"].get("sessions", ())}
        assert found["account.frozen"]["data"]["reference"]
        assert len({event["id"] for event in events}) == len(events)
        assert ALICE not in str(desk.taken)
        posts = Message.objects.filter(channel=Channel.HOOK)
        wait_until(lambda: not posts.exclude(status=Status.DELIVERED).exists())


def test_a_receiver_that_is_away_keeps_nobody_waiting(new_person, alice, worker):
    made = services.add(url="http://localhost:9/", types=rules.TYPES, origin=Origin(), **WHY)
    owner = new_person()
    owner.give_password("alice")
    owner.give_code(owner.read_code(ALICE))
    owner.is_in()
    owner.page.locator("footer").get_by_role("link", name="This was not me").click()
    owner.press("Stop everything now")
    owner.sees("Everything is stopped", "h1")
    posts = Message.objects.filter(channel=Channel.HOOK, to=str(made.hook.pk))
    wait_until(lambda: posts.filter(detail="connect", status=Status.QUEUED).exists())
    assert not posts.exclude(status=Status.QUEUED).exclude(status=Status.SENDING).exists()
