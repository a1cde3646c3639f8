"""What a browser that is known is worth, and to whom (SECURITY 0.3, 0.6, A3, A6)."""

import pytest

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.lockout.models import PasswordFailures
from accounts.origin import digest, halves
from accounts.sessions.models import KnownDevice
from sls.login import flow
from tests.attacks.tools import browser, twin
from tests.cast import begin, code_for, post_password

pytestmark = pytest.mark.django_db

PLANTED = "a value that somebody left in a shared browser"


def test_a_planted_device_cookie_makes_nobody_known(client, alice, sign_in, settings):
    client.cookies[settings.DEVICE_COOKIE_NAME] = PLANTED
    sign_in(client, alice)
    assert client.cookies[settings.DEVICE_COOKIE_NAME].value != PLANTED
    assert not KnownDevice.objects.filter(digest=digest(PLANTED)).exists()
    assert KnownDevice.objects.filter(user=alice).count() == 1


def test_two_people_share_the_cookie_of_one_browser(client, alice, bob, sign_in, settings):
    sign_in(client, alice)
    series, token = halves(client.cookies[settings.DEVICE_COOKIE_NAME].value)
    sign_in(client, bob)
    assert halves(client.cookies[settings.DEVICE_COOKIE_NAME].value)[0] == series
    assert KnownDevice.objects.filter(digest=digest(series)).count() == 2
    assert halves(client.cookies[settings.DEVICE_COOKIE_NAME].value)[1] != token


def test_a_sign_in_from_a_known_browser_does_not_forget_the_guesses_of_strangers(
    client, alice, sign_in, clock
):
    sign_in(client, alice)
    client.post("/logout/")
    clock.shift(61)
    for number in range(4):
        post_password(browser(), "alice", f"wrong password {number}")
    post_password(client, "alice", "a slip of her own")
    sign_in(client, alice)
    assert list(PasswordFailures.objects.values_list("count", flat=True)) == [4]


def test_a_copy_on_its_way_in_is_a_new_browser_once_it_is_found_out(client, alice, sign_in, clock):
    sign_in(client, alice)
    client.post("/logout/")
    clock.shift(61)
    thief = twin(client)
    url = begin(thief)
    sign_in(client, alice)
    clock.shift(61)
    begin(twin(thief))  # with the old mark
    assert Entry.objects.filter(event="browser.copied").count() == 1
    attempt = flow.find(url.split("/")[2])
    assert thief.post(f"{url}answer/", {"code": attempt.challenge.code()})["Location"] == "/"
    assert Entry.objects.filter(event=Event.SIGNED_IN_NEW_DEVICE).count() == 2


def test_a_sign_in_from_an_unknown_browser_forgets_its_own_count(client, alice):
    post_password(client, "alice", "a slip of her own")
    url = begin(client)
    assert client.post(f"{url}answer/", {"code": code_for(alice)})["Location"] == "/"
    assert not PasswordFailures.objects.exists()
