"""A freeze at the same instant as everything else: once, whole, and before whatever comes after."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts import links as undo_links
from accounts.contacts import services as contacts
from accounts.contacts.models import Change
from accounts.freeze import links, services
from accounts.freeze.models import Freeze, How, Trading
from accounts.holds.models import Hold
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.step_up.models import Pending
from tests.attacks.tools import at_once, browser, twin
from tests.cast import begin, code_for

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 50


def stop(user: User, trading: Trading = Trading.NOTHING) -> Freeze:
    return services.freeze(user_id=user.pk, origin=SYSTEM, how=How.LINK, trading=trading)


def path(user: User) -> str:
    token = links.token(user, to=f"{user.username}@example.com", at=timezone.now())
    return f"/freeze/link/{token}/"


def test_fifty_at_once_make_one_freeze(client, alice, sign_in):
    sign_in(client, alice)
    made = at_once(RACERS, lambda _: stop(alice).reference)
    assert len(set(made)) == 1
    assert Freeze.objects.count() == 1
    assert Entry.objects.filter(user=alice, event=Event.FROZEN).count() == 1
    assert Message.objects.filter(name="frozen").count() == 2  # a mail and a text message
    assert Hold.objects.filter(user=alice, why="frozen").count() == 3
    assert audit.verify(alice) is None


def test_fifty_wishes_about_the_trading_end_at_the_widest(alice):
    wishes = [*Trading] * 20
    at_once(RACERS, lambda number: stop(alice, wishes[number]))
    assert services.live(alice.pk).trading == Trading.NONE
    assert Entry.objects.filter(user=alice, event=Event.TRADING_STOPPED).count() <= 2
    assert audit.verify(alice) is None


def test_a_link_and_a_page_at_once_make_one_freeze(client, alice, sign_in):
    inside, link = sign_in(client, alice), path(alice)

    def press(number: int) -> int:
        where = link if number % 2 else "/not-me/"
        return twin(inside).post(where, {"trading": "close_only"}).status_code

    # Whose session has just ended is told how it is done without one.
    assert set(at_once(RACERS, press)) <= {200, 302}
    assert Freeze.objects.count() == 1
    assert not Session.objects.filter(ended_at=None).exists()


def test_a_sign_in_that_ends_at_the_same_instant_leaves_no_session(client, alice):
    url, code = begin(client), code_for(alice)

    def act(number: int) -> object:
        return stop(alice) if number == 7 else twin(client).post(f"{url}answer/", {"code": code})

    at_once(20, act)
    assert not Session.objects.filter(ended_at=None).exists()
    assert browser().get("/").status_code == 302


def test_a_proof_that_ends_at_the_same_instant_is_worth_nothing(client, alice, sign_in, clock):
    sign_in(client, alice)
    clock.shift(61)
    url = client.post("/settings/communication/phones/", {"number": "+14155550177"})["Location"]
    client.post(url, {"password": "lantern-orbit-cactus-42"})
    code = code_for(alice)

    def act(number: int) -> object:
        return stop(alice) if number == 7 else twin(client).post(f"{url}answer/", {"code": code})

    at_once(20, act)
    assert not Pending.objects.filter(granted_at__isnull=False).exists()
    assert not alice.phonenumbers.filter(number="+14155550177").exists()


def test_begins_of_a_sign_in_at_the_same_instant_leave_no_code(alice):
    def act(number: int) -> object:
        if number == 3:
            return stop(alice)
        fields = {"username": "alice", "password": "lantern-orbit-cactus-42"}
        return browser().post("/login/", fields)

    at_once(8, act)
    waiting = Message.objects.filter(user=alice, is_code=True, status="queued")
    assert not waiting.exists()


def test_a_thaw_and_a_freeze_at_once_leave_one_of_both(alice):
    stop(alice)

    def act(number: int) -> None:
        if number % 2:
            stop(alice)
        else:
            services.thaw(user_id=alice.pk, origin=SYSTEM, by="staff:sam+tess")

    at_once(20, act)
    alice.refresh_from_db()
    live = services.live(alice.pk)
    assert services.is_frozen(alice) == (live is not None)
    held = Hold.objects.filter(user=alice, why="frozen", lifted_at=None).count()
    assert held == (3 if live else 0)
    assert audit.verify(alice) is None


class TestTheLink:
    def test_replayed_after_the_way_back_it_stops_nothing(self, client, alice, clock):
        mine = path(alice)
        assert client.post(mine).status_code == 302
        clock.shift(5)
        services.thaw(user_id=alice.pk, origin=SYSTEM, by="staff:sam+tess")
        assert client.post(mine).status_code == 410
        alice.refresh_from_db()
        assert not services.is_frozen(alice)

    def test_a_scanner_that_follows_everything_changes_nothing(self, alice):
        """It follows each link it finds and sends HEAD and OPTIONS; it fills in no form."""
        mine = path(alice)
        scanner = browser(**{"User-Agent": "Mozilla/5.0 (compatible; SafeLinks)"})
        for method in ("get", "head", "options", "get"):
            getattr(scanner, method)(mine)
        found = re.findall(r'href="(/[^"]*)"', scanner.get(mine).content.decode())
        for other in {one for one in found if not one.startswith("/static/")}:
            scanner.get(other)
        assert not Freeze.objects.exists()

    def test_a_form_of_another_site_cannot_press_it(self, alice):
        assert Client(enforce_csrf_checks=True).post(path(alice)).status_code == 403
        assert not Freeze.objects.exists()

    def test_each_of_its_characters_counts(self, client, alice):
        mine = path(alice)
        token = mine.split("/")[3]
        for place in range(0, len(token), 3):
            other = "A" if token[place] != "A" else "B"
            altered = token[:place] + other + token[place + 1 :]
            assert client.post(f"/freeze/link/{altered}/").status_code == 404
        assert not Freeze.objects.exists()

    def test_the_link_of_an_undo_stops_nothing_and_the_other_way_round(self, client, alice):
        contacts.add_email(user_id=alice.pk, typed="new@example.com", origin=SYSTEM)
        undo = undo_links.of(Change.objects.get(), alice.emailaddresss.get(primary=True)).split(
            "/"
        )[-2]
        assert client.post(f"/freeze/link/{undo}/").status_code == 404
        assert client.post(f"/undo/{path(alice).split('/')[3]}/").status_code == 404
        assert Change.objects.get().undone_at is None
