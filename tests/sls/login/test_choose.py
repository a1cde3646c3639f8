"""Which second factor, and why."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from django_otp.oath import totp

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.outbox.models import Message
from accounts.sessions.models import KnownDevice, Session
from sls.login.models import Attempt
from sls.login.wording import last_used
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.sms.models import PhoneDevice
from tests.cast import CODE, SEED, app_device, begin, code_for, code_set
from tests.passkey_authenticator import Passkey, enrolled

SMS = "Text message to +1 ... 01"
CHOICE = re.compile(
    r'value="(?P<id>[^"]+)"[^>]*?(?P<checked> checked)?>\s*'
    r'<span class="choice__body"><span class="choice__name">(?P<label>[^<]+)</span>(?P<more>.*?)'
    r'</span>\s*<span class="choice__icon">',
    re.S,
)


@pytest.fixture
def app(alice) -> AppDevice:
    return app_device(alice, "Work phone")


@pytest.fixture
def phone(alice) -> PhoneDevice:
    return PhoneDevice.objects.get(user=alice)


def choices(client, url):
    return [one.groupdict() for one in CHOICE.finditer(client.get(url).content.decode())]


def preselected(client, url) -> str:
    [label] = [one["label"] for one in choices(client, url) if one["checked"]]
    return label


def choose(client, url, device):
    return client.post(f"{url}method/", {"device": device.persistent_id})


def app_code(seconds: int = 0) -> str:
    return f"{totp(SEED, t0=-seconds):06d}"


def sign_in_by_app(client, app, *, username="alice", **extra) -> None:
    AppDevice.objects.update(last_step=-1)
    url = begin(client, username, **extra)
    choose(client, url, app)
    response = client.post(f"{url}answer/", {"code": app_code()})
    assert response.status_code == 302, response.content.decode()


def page(client, url) -> str:
    return " ".join(client.get(url).content.decode().split())


def test_is_no_question_with_one_authenticator(client, alice):
    assert choices(client, begin(client)) == []


def test_names_each_authenticator_and_sends_nothing_yet(client, alice, app):
    labels = [one["label"] for one in choices(client, begin(client))]
    assert labels == ["Authenticator app on Work phone", SMS]
    assert not Message.objects.exists()


def test_calls_it_a_call_where_no_text_message_arrives(client, alice, app):
    alice.phonenumbers.update(sms_refused_by_carrier=True)
    assert choices(client, begin(client))[1]["label"] == "Call to +1 ... 01"


def test_offers_the_telephone_last_once_there_is_something_permanent(client, alice, app, phone):
    phone.position = 1
    phone.save()
    last = choices(client, begin(client))[-1]
    assert last["label"] == SMS
    assert "If nothing else is at hand" in last["more"]


def test_preselects_what_last_worked_in_this_browser_not_in_another(alice, app, phone, clock):
    home, office = Client(), Client()
    url = begin(home)
    choose(home, url, phone)
    home.post(f"{url}answer/", {"code": code_for(alice)})
    sign_in_by_app(office, app)
    clock.shift(60)
    for browser, label in ((home, SMS), (office, "Authenticator app on Work phone")):
        browser.post("/logout/")
        assert preselected(browser, begin(browser)) == label


def test_remembers_only_what_worked(client, alice, app, phone, clock):
    sign_in_by_app(client, app)
    client.post("/logout/")
    url = begin(client)
    choose(client, url, phone)
    client.post(f"{url}answer/", {"code": f"{(int(code_for(alice)) + 1) % 10**6:06d}"})
    client.cookies.pop("sid", None)
    assert preselected(client, begin(client)) == "Authenticator app on Work phone"


def test_remembers_nothing_at_a_public_computer(client, alice, app):
    sign_in_by_app(client, app, public_computer="on")
    assert not KnownDevice.objects.exists()


def test_forgets_what_was_revoked(client, alice, app, phone):
    sign_in_by_app(client, app)
    client.post("/logout/")
    other = app_device(alice, "Tablet")
    AppDevice.objects.filter(pk=app.pk).update(confirmed=False, revoked_at=timezone.now())
    assert preselected(client, begin(client)) == "Authenticator app on Tablet"
    assert other.name == "Tablet"


def test_never_preselects_printed_codes_though_they_worked_here_last(client, alice):
    codes = code_set(alice)
    url = begin(client)
    choose(client, url, codes)
    client.post(f"{url}answer/", {"code": f"{CODE}A"})
    assert Session.objects.get().device == codes.persistent_id
    client.post("/logout/")
    assert preselected(client, begin(client)) == SMS


def test_preselects_by_the_clients_order_in_a_new_browser(client, alice, app):
    second = app_device(alice, "Tablet")
    AppDevice.objects.filter(pk=second.pk).update(position=1)
    AppDevice.objects.filter(pk=app.pk).update(position=2)
    assert preselected(client, begin(client)) == "Authenticator app on Tablet"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(hours=1), "Last used today"),
        (timedelta(hours=20), "Last used yesterday"),
        (timedelta(days=3), "Last used Sunday"),
        (timedelta(days=6), "Last used Thursday"),
        (timedelta(days=7), "Last used on 18 November 2026"),
        (timedelta(days=300), "Last used on 29 January 2026"),
    ],
)
def test_says_in_words_when_each_was_last_used(clock, ago, words):
    clock.move_to("2026-11-25T15:00:00Z")
    assert last_used(timezone.now() - ago) == words


def test_says_it_by_the_day_of_the_person_and_in_their_language(clock):
    clock.move_to("2026-11-25T15:30:00Z")
    with timezone.override("Asia/Tokyo"), translation.override("ja"):
        assert last_used(timezone.now()) == "最終利用：今日"
        assert last_used(timezone.now() - timedelta(hours=1)) == "最終利用：昨日"
        assert last_used(timezone.now() - timedelta(days=3)) == "最終利用：月曜日"
        assert last_used(datetime(2026, 3, 1, tzinfo=timezone.get_current_timezone())) == (
            "最終利用：2026年3月1日"
        )
    assert last_used(None) == "Not used yet"


def test_says_that_one_was_not_used_yet():
    assert last_used(None) == "Not used yet"


class TestWhy:
    def asked(self, client, device, url="") -> str:
        url = url or begin(client)
        choose(client, url, device)
        return page(client, url)

    def test_says_that_it_was_used_here(self, client, alice, app):
        sign_in_by_app(client, app)
        client.post("/logout/")
        words = "You are asked for: Authenticator app on Work phone. You used it last in this"
        assert words in self.asked(client, app)

    def test_says_that_it_is_first_in_the_order(self, client, alice, app):
        AppDevice.objects.update(position=1)
        assert "It is first in your order." in self.asked(client, app)

    def test_says_that_it_is_the_safest(self, client, alice, app):
        assert "It is the safest of your ways to sign in." in self.asked(client, app)

    def test_says_that_the_person_chose_it(self, client, alice, app, phone):
        assert f"You are asked for: {SMS}. You chose it." in self.asked(client, phone)

    def test_says_nothing_where_there_is_no_other(self, client, alice):
        assert 'id="why"' not in page(client, begin(client))


class TestAdvice:
    ADD = "A passkey would save you this code. Once you are signed in, add one in Settings"

    def test_names_the_passkey_that_would_save_the_code(self, client, alice, phone):
        enrolled(alice, Passkey(), "Passkey on Pixel 9")
        url = begin(client)
        choose(client, url, phone)
        shown = page(client, url)
        assert "Passkey on Pixel 9 would save you this code." in shown
        assert self.ADD not in shown

    def test_says_what_to_add_to_who_has_none(self, client, alice):
        assert self.ADD in page(client, begin(client))

    def test_is_not_given_where_nothing_is_sent(self, client, alice, app):
        url = begin(client)
        choose(client, url, app)
        assert 'id="advice"' not in page(client, url)

    def test_is_not_given_to_who_enrols_the_first_number(self, client, newcomer):
        assert 'id="advice"' not in page(client, begin(client, "nina"))


class TestOtherWays:
    def test_are_on_the_page_of_the_answer_without_the_present_one(self, client, alice, app, phone):
        url = begin(client)
        choose(client, url, app)
        ways = page(client, url).partition('id="ways"')[2]
        assert f'value="{phone.persistent_id}"' in ways
        assert f'value="{app.persistent_id}"' not in ways

    def test_are_taken_without_the_password_and_only_by_a_post(self, client, alice, app, phone):
        url = begin(client)
        choose(client, url, app)
        client.get(url)
        assert not Message.objects.exists()
        assert choose(client, url, phone)["Location"] == url
        assert Message.objects.count() == 1
        response = client.post(f"{url}answer/", {"code": code_for(alice)})
        assert response["Location"] == "/"
        assert Session.objects.get().method == "sms"

    def test_end_the_challenge_that_was_left(self, client, alice, app, phone):
        url = begin(client)
        choose(client, url, app)
        left = Challenge.objects.get()
        choose(client, url, phone)
        left.refresh_from_db()
        assert left.cancelled_at is not None

    def test_come_before_support_for_somebody_without_the_device(self, client, alice, app, phone):
        url = begin(client)
        choose(client, url, phone)
        shown = page(client, url)
        assert "You no longer have this phone? Use one of the other ways above." in shown
        assert shown.index('id="ways"') < shown.index("You no longer have this phone?")

    def test_are_support_alone_where_there_is_no_other(self, client, alice):
        shown = page(client, begin(client))
        assert "You no longer have this phone?" in shown
        assert "/recover/device/" in shown
        assert 'id="ways"' not in shown

    def test_may_not_be_changed_for_ever(self, client, alice, app, phone, settings):
        settings.SWITCHES_PER_ATTEMPT = 2
        url = begin(client)
        codes = [choose(client, url, one).status_code for one in (app, phone, app)]
        assert codes == [302, 302, 429]

    def test_are_not_those_of_somebody_else(self, client, alice, app, bob):
        url = begin(client)
        foreign = PhoneDevice.objects.get(user=bob)
        response = choose(client, url, foreign)
        assert "Choose one of your own ways to sign in." in response.content.decode()
        assert not Message.objects.exists()


def test_records_by_what_the_sign_in_was_done(client, alice, app):
    sign_in_by_app(client, app)
    started, done = Entry.objects.filter(user=alice).order_by("number")
    assert (started.event, started.detail) == (Event.SIGN_IN_STARTED, {"method": ""})
    assert done.detail["method"] == "authenticator_app"


def test_keeps_what_was_offered_with_the_attempt(client, alice, app):
    begin(client)
    assert Attempt.objects.get().ways == 2
