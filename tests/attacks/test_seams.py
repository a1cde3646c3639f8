"""Where the ways in meet: signing in, lifting a lock, coming back in, the emergency door, the
locked screen. No two of them together give more tries, or more rights, than one."""

import pytest
from django.test import Client
from django_otp.oath import totp

from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.lockout.models import PasswordFailures
from sls.login.models import Attempt
from sls.methods.authenticator_app.models import AppDevice
from sls.recovery.models import Recovery
from tests.accounts.ip_restrictions.lists import restrict
from tests.attacks.tools import at_once, browser, other_than, twin
from tests.cast import PASSWORD, SEED, app_device, post_password
from tests.recovering import NEW, by_mail, post, user_device

ELSEWHERE = {"REMOTE_ADDR": "198.51.100.20"}
ELSE = (
    "//evil.example",
    "/\\evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/\t/evil.example",
    "\\\\evil.example",
)


def app_code() -> str:
    return f"{totp(SEED):06d}"


def lock_name(clock) -> None:
    for number in range(10):
        post_password(browser(), "alice", f"wrong password {number}")
        clock.shift(300)
    assert PasswordFailures.objects.get().count == 10


def unlocking(tab: Client, clock) -> str:
    """Has typed the code of the mail; returns where the app is asked for."""
    clock.shift(301)
    url = tab.post("/unlock/", {"username": "alice"})["Location"]
    code = Challenge.objects.filter(purpose=Purpose.UNLOCK, method="email").latest("created_at")
    return tab.post(url, {"code": code.code()})["Location"]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_one_mailed_code_begins_one_unlocking(self, alice, clock):
        app_device(alice)
        lock_name(clock)
        tab = browser()
        url = tab.post("/unlock/", {"username": "alice"})["Location"]
        code = Challenge.objects.get(purpose=Purpose.UNLOCK).code()
        at_once(12, lambda _: twin(tab).post(url, {"code": code}).status_code)
        assert Attempt.objects.filter(unlocking=True).count() == 1

    def test_one_code_of_an_app_serves_one_of_all_ways(self, alice, clock):
        app_device(alice)
        lock_name(clock)
        tabs = [browser() for _ in range(3)]
        first = unlocking(tabs[0], clock)
        back = by_mail(tabs[1], alice)
        post(tabs[1], f"{back}way/", device=user_device(tabs[1], back))
        PasswordFailures.objects.all().delete()
        inside = post_password(tabs[2])["Location"]
        device = AppDevice.objects.get().persistent_id
        tabs[2].post(f"{inside}method/", {"device": device})
        clock.shift(31)
        urls, code = [first, back, inside], app_code()
        at_once(6, lambda n: twin(tabs[n % 3]).post(f"{urls[n % 3]}answer/", {"code": code}))
        won = Recovery.objects.filter(proven_at__isnull=False).count()
        won += Attempt.objects.filter(ended_why="done").count()
        assert won == 1


@pytest.mark.django_db
class TestTries:
    def test_passwords_are_counted_together_wherever_they_are_asked(self, alice, clock):
        back = by_mail(tab := browser(), alice, "/recover/device/")
        for number in range(30):
            wrong = f"wrong password {number}"
            if number % 2:
                post_password(browser(), "alice", wrong)
            else:
                tab.post(f"{back}password/", {"password": wrong})
            clock.shift(20)
        anywhere = PasswordFailures.objects.get()
        assert 5 < anywhere.count <= 10
        assert Entry.objects.filter(event="password.failed").count() == anywhere.count

    def test_an_app_is_exhausted_after_twenty_wrong_codes_wherever_they_are_typed(
        self, alice, clock
    ):
        app_device(alice)
        lock_name(clock)
        for _ in range(3):
            tab = browser()
            url = unlocking(tab, clock)
            for number in range(5):
                tab.post(f"{url}answer/", {"code": other_than(app_code(), 1000 + number)})
        for _ in range(3):
            tab = browser()
            url = by_mail(tab, alice)
            clock.shift(301)
            post(tab, f"{url}way/", device=user_device(tab, url))
            for number in range(5):
                tab.post(f"{url}answer/", {"code": other_than(app_code(), 1000 + number)})
            if AppDevice.objects.get().disabled_at:
                break
        device = AppDevice.objects.get()
        assert (device.failures, device.disabled_at is not None) == (20, True)
        # Nothing weaker takes its place in any of them.
        again = browser()
        url = by_mail(again, alice)
        assert again.get(url).context["offers"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ELSE)
class TestNext:
    def test_the_locked_page_leads_nowhere_else(self, client, alice, sign_in, path):
        sign_in(client, alice)
        client.post("/lock/", headers={"Referer": f"http://testserver{path}"})
        page = client.get("/locked/", {"next": path}).content.decode()
        assert "evil.example" not in page
        asked = client.post(f"/locked/?next={path}", {"password": PASSWORD, "next": path})
        assert asked["Location"] == "/"

    def test_nor_does_a_session_that_is_open(self, client, alice, sign_in, path):
        sign_in(client, alice)
        for url in ("/locked/", "/login/"):
            assert client.get(url, {"next": path})["Location"] == "/"
        notice = client.post("/session/browser-notice/", headers={"Referer": path})
        assert "evil.example" not in notice["Location"]


@pytest.mark.django_db
class TestOutside:
    def test_a_lock_is_not_lifted_from_there(self, client, alice, clock):
        app_device(alice)
        restrict(alice, "127.0.0.1")
        lock_name(clock)
        tab = browser()
        tab.defaults |= ELSEWHERE
        url = unlocking(tab, clock)
        clock.shift(31)
        response = tab.post(f"{url}answer/", {"code": app_code()})
        assert response["Location"] == "/login/?ended=address"
        assert PasswordFailures.objects.get().count == 10

    def test_mail_and_factor_alone_do_not_reach_the_door(self, alice):
        app_device(alice)
        restrict(alice, "127.0.0.1")
        tab = browser()
        tab.defaults |= ELSEWHERE
        url = by_mail(tab, alice)
        tab.post(f"{url}way/", {"device": AppDevice.objects.get().persistent_id})
        tab.post(f"{url}answer/", {"code": app_code()})
        tab.post(f"{url}password/", {"password": NEW})
        assert "/door/" not in post_password(tab, password=NEW).headers.get("Location", "")
        assert not Attempt.objects.exists()
