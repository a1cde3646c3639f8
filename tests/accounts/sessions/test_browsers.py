"""The rotating cookie of a known browser, and how a copy of it is found out."""

from datetime import timedelta

import pytest
from django.conf import settings as portal
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import digest
from accounts.outbox.models import Message
from accounts.sessions.models import End, KnownDevice, Session
from accounts.sessions.rules import TOKEN_GRACE, Marks, is_in_force
from sls.login.models import Attempt
from tests.attacks.tools import at_once, browser
from tests.cast import begin, code_for, post_password

NAME = portal.DEVICE_COOKIE_NAME
NOW = timezone.now()
LONG, JUST = NOW - timedelta(days=3), NOW - timedelta(seconds=20)


def cookie(client: Client) -> str:
    return client.cookies[NAME].value


def copy_of(value: str, **headers: str) -> Client:
    """A browser that holds nothing but this device cookie."""
    tab = browser(**headers)
    tab.cookies[NAME] = value
    return tab


@pytest.fixture
def again(sign_in, clock):
    """Signs in again in the same browser, some minutes later, and waits."""

    def run(client: Client, user, wait: int = 61) -> Client:
        client.post("/logout/")
        clock.shift(300)
        sign_in(client, user)
        clock.shift(wait)
        return client

    return run


class TestRules:
    @pytest.mark.parametrize(
        ("marks", "in_force"),
        [
            (Marks(is_latest=True), True),
            (Marks(is_latest=False), False),
            (Marks(False, JUST, LONG, JUST, same_agent=True), True),
            (Marks(False, JUST, LONG, JUST, same_agent=False), False),
            (Marks(False, JUST, LONG, LONG + timedelta(days=1), same_agent=True), False),
            (Marks(False, LONG + TOKEN_GRACE, LONG, LONG, same_agent=True), True),
            (Marks(False, LONG + 2 * TOKEN_GRACE, LONG, LONG, same_agent=True), False),
            (Marks(False, JUST, None, None, same_agent=True), False),
        ],
    )
    def test_an_old_token_is_good_only_just_after_it_was_replaced(self, marks, in_force):
        assert is_in_force(NOW, marks) is in_force


@pytest.mark.django_db
class TestRotation:
    def test_each_sign_in_gives_another_token_of_the_same_series(
        self, client, alice, sign_in, again
    ):
        sign_in(client, alice)
        series, token = cookie(client).split(".")
        again(client, alice)
        assert cookie(client).split(".")[0] == series
        assert cookie(client).split(".")[1] != token
        assert KnownDevice.objects.count() == 1

    def test_a_browser_of_before_gets_its_first_token(self, client, alice, sign_in):
        now = timezone.now()
        client.cookies[NAME] = "hers"
        KnownDevice.objects.create(
            user=alice, digest=digest("hers"), agent="", first_at=now, last_at=now
        )
        sign_in(client, alice)
        assert cookie(client).startswith("hers.")
        assert not Entry.objects.filter(event=Event.SIGNED_IN_NEW_DEVICE).exists()

    def test_nothing_of_the_cookie_is_stored(self, client, alice, sign_in):
        sign_in(client, alice)
        rows = str([*KnownDevice.objects.values_list(), *Session.objects.values_list()])
        assert not [half for half in cookie(client).split(".") if half in rows]

    def test_a_sign_in_on_a_public_computer_rotates_nothing(self, client, alice, sign_in, clock):
        sign_in(client, alice)
        before = cookie(client)
        client.post("/logout/")
        clock.shift(300)
        url = begin(client, public_computer="on")
        client.post(f"{url}answer/", {"code": code_for(alice)})
        assert cookie(client) == before
        assert not Entry.objects.filter(event=Event.BROWSER_COPIED).exists()


@pytest.mark.django_db
class TestTheft:
    @pytest.fixture
    def stolen(self, client, alice, sign_in, again) -> Client:
        """A browser with the cookie that Alice's had before it signed in again."""
        sign_in(client, alice)
        old = cookie(client)
        again(client, alice)
        return copy_of(old)

    def test_an_old_token_ends_the_series_and_its_sessions(self, client, alice, stolen):
        post_password(stolen, "alice", "not even the password")
        assert not KnownDevice.objects.exists()
        assert Session.objects.latest("opened_at").ended_why == End.COPIED
        assert client.get("/").status_code == 302
        assert "copy" in client.get("/login/").content.decode()

    def test_the_owner_is_told(self, alice, stolen):
        post_password(stolen)
        assert Entry.objects.get(event=Event.BROWSER_COPIED).detail == {"sessions": 1}
        sent = Message.objects.filter(name="browser_copied")
        assert sorted(sent.values_list("channel", flat=True)) == ["email", "sms"]

    def test_it_is_told_once(self, alice, stolen):
        for _ in range(3):
            post_password(stolen, "alice", "guess")
        assert Entry.objects.filter(event=Event.BROWSER_COPIED).count() == 1

    def test_a_session_in_another_browser_goes_on(self, alice, stolen, sign_in, clock):
        clock.shift(61)
        elsewhere = sign_in(browser(), alice)
        post_password(stolen)
        assert elsewhere.get("/").status_code == 200

    def test_everybody_who_shares_the_browser_is_freed_of_it(
        self, client, alice, bob, sign_in, again
    ):
        sign_in(client, bob)
        old = cookie(client)
        again(client, alice)
        again(client, bob)
        post_password(copy_of(old), "alice")
        assert not KnownDevice.objects.exists()
        told = Entry.objects.filter(event=Event.BROWSER_COPIED)
        assert {entry.user for entry in told} == {alice, bob}

    def test_who_copied_the_cookie_and_signed_in_first_is_found_out(
        self, client, alice, sign_in, clock
    ):
        sign_in(client, alice)
        thief = copy_of(cookie(client))
        clock.shift(300)
        sign_in(thief, alice)
        assert thief.get("/").status_code == 200
        clock.shift(300)
        post_password(client)
        assert thief.get("/").status_code == 302

    def test_a_series_alone_is_no_browser_that_is_known(self, client, alice, sign_in):
        sign_in(client, alice)
        series = cookie(client).split(".")[0]
        for made_up in (series, f"{series}.x", f"{series}."):
            assert not _known(copy_of(made_up))

    def test_a_stale_cookie_joins_nobody_to_the_series(self, client, alice, bob, sign_in, again):
        sign_in(client, alice)
        old = cookie(client)
        again(client, alice)
        other = sign_in(copy_of(old), bob)
        assert cookie(other).split(".")[0] != old.split(".")[0]
        assert KnownDevice.objects.filter(user=alice).count() == 1


def _known(tab: Client) -> bool:
    post_password(tab)
    return Attempt.objects.latest("created_at").known_device


class TestRaces:
    @pytest.mark.django_db
    def test_the_token_that_was_just_replaced_is_good_in_the_same_program(
        self, client, alice, sign_in, again, clock
    ):
        sign_in(client, alice)
        old = cookie(client)
        again(client, alice, wait=40)
        assert _known(copy_of(old))
        clock.shift(40)
        assert not _known(copy_of(old))

    @pytest.mark.django_db
    def test_in_another_program_it_is_a_copy_at_once(self, client, alice, sign_in, again, clock):
        sign_in(client, alice)
        old = cookie(client)
        again(client, alice, wait=40)
        assert not _known(copy_of(old, **{"User-Agent": "another"}))

    @pytest.mark.django_db
    def test_the_answer_that_came_last_may_be_the_one_that_was_given_first(
        self, client, alice, sign_in, clock
    ):
        sign_in(client, alice)
        clock.shift(300)
        start = cookie(client)
        kept = []
        tabs = [copy_of(start), copy_of(start)]
        for tab in tabs:
            sign_in(tab, alice)
            kept.append(cookie(tab))
            clock.shift(31)
        clock.shift(86400)
        assert all(_known(copy_of(one)) for one in kept)

    @pytest.mark.django_db(transaction=True)
    def test_two_sign_ins_at_once_with_one_cookie_are_no_theft(self, client, alice, sign_in, clock):
        sign_in(client, alice)
        start = cookie(client)
        tabs, answers = [copy_of(start), copy_of(start)], []
        for tab in tabs:
            clock.shift(61)
            answers.append((f"{begin(tab)}answer/", code_for(alice)))

        def finish(number: int) -> int:
            url, code = answers[number]
            return tabs[number].post(url, {"code": code}).status_code

        assert at_once(2, finish) == [302, 302]
        assert not Entry.objects.filter(event=Event.BROWSER_COPIED).exists()
        clock.shift(3600)
        assert all(_known(tab) for tab in tabs)
