"""The wait for a new factor, driven by the clock."""

import re

import pytest
from django.test import Client
from django_otp.oath import totp

from accounts.audit.models import Entry
from accounts.holds.models import Hold
from accounts.lockout.models import PasswordFailures
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from sls.methods.authenticator_app.models import AppDevice
from sls.recovery import keeping
from sls.recovery.models import Delay, Recovery
from tests.cast import PASSWORD, app_device, code_for
from tests.cast import begin as sign_in_begin
from tests.recovering import (
    by_mail,
    by_text,
    first_code,
    heading,
    names_bob,
    post,
    user_device,
    waiting,
)

HOUR = 3600


def events(user) -> list[str]:
    mine = Entry.objects.filter(user=user).order_by("number")
    return list(mine.values_list("event", flat=True))


def ready(client: Client, user, clock) -> str:
    """Has waited, and proven everything anew."""
    waiting(client, user)
    clock.shift(72 * HOUR + 1)
    url = by_mail(client, user, "/recover/device/")
    post(client, f"{url}password/", password=PASSWORD)
    return url


def set_up(client: Client, url: str) -> None:
    """Sets up an authenticator app."""
    post(client, f"{url}enrol/", method="authenticator_app")
    first_code(client, url)


def test_begins_with_mail_and_password_and_tells_every_contact(client, bob):
    waiting(client, bob)
    bob.refresh_from_db()
    assert bob.recovering
    told = Message.objects.filter(name="recovery_requested")
    assert {message.to for message in told} == {"bob@example.com", "+14155550102"}
    mail = told.get(channel="email").content()["text"]
    assert Delay.objects.get().written in mail
    assert re.search(r"http\S+/recover/cancel/\S+/", mail)
    assert "http" not in told.get(channel="sms").content()["text"]


def test_opens_to_nobody_before_its_time(client, bob, clock):
    waiting(client, bob)
    clock.shift(71 * HOUR)
    url = by_mail(client, bob, "/recover/device/")
    post(client, f"{url}password/", password=PASSWORD)
    assert heading(client, url) == "You asked for this already"
    assert client.post(f"{url}enrol/", {"method": "authenticator_app"})["Location"] == url
    assert client.post(f"{url}wait/").status_code == 200
    assert Delay.objects.count() == 1
    assert not AppDevice.objects.exists()


def test_leads_to_a_new_authenticator_and_signs_nobody_in(client, bob, clock):
    url = ready(client, bob, clock)
    assert heading(client, url) == "Set up a new way to sign in"
    set_up(client, url)
    assert heading(client, url) == "Your new way to sign in is ready"
    bob.refresh_from_db()
    assert not bob.recovering
    assert Delay.objects.get().ended_why == "done"
    assert Hold.objects.filter(user=bob, lifted_at=None).exists()
    assert not Session.objects.exists()
    assert {"recovery.requested", "device.enrolled", "recovery.done"} <= set(events(bob))


def test_ends_the_sessions_that_were_open(client, alice, clock):
    app_device(alice)
    inside = sign_in_by_text(Client(), alice)
    url = ready(client, alice, clock)
    Session.objects.update(expires_at="2099-01-01T00:00Z", idle_seconds=30 * 24 * HOUR)
    assert inside.get("/").status_code == 200
    set_up(client, url)
    assert inside.get("/").status_code == 302


def test_is_used_once(client, bob, clock):
    url = ready(client, bob, clock)
    set_up(client, url)
    assert client.post(f"{url}enrol/", {"method": "authenticator_app"})["Location"] == url
    again = by_mail(client, bob, "/recover/device/")
    post(client, f"{again}password/", password=PASSWORD)
    assert heading(client, again) == "Ask for a new way to sign in"
    assert AppDevice.objects.count() == 1


def test_is_too_late_after_another_while(client, bob, clock):
    waiting(client, bob)
    clock.shift(144 * HOUR + 1)
    keeping.tick()
    bob.refresh_from_db()
    assert not bob.recovering
    assert events(bob)[-1] == "recovery.expired"
    assert heading(client, "/recover/status/") == "This request is over"


def test_reminds_every_contact_once_a_day_before(client, bob, clock):
    waiting(client, bob)
    clock.shift(47 * HOUR)
    keeping.tick()
    assert "recovery.reminded" not in events(bob)
    clock.shift(2 * HOUR)
    keeping.tick()
    keeping.tick()
    assert events(bob).count("recovery.reminded") == 1
    assert Message.objects.filter(name="recovery_requested", channel="email").count() == 2


@pytest.fixture
def link(client, bob) -> str:
    """The link in the mail."""
    waiting(client, bob)
    mail = Message.objects.get(name="recovery_requested", channel="email").content()["text"]
    return re.search(r"/recover/cancel/\S+/", mail)[0]


def test_a_link_shows_by_get_and_stops_by_post(link, bob, clock):
    elsewhere = Client()
    assert "Stop this request" in elsewhere.get(link).content.decode()
    assert Delay.objects.get().ended_at is None
    page = elsewhere.post(link).content.decode()
    assert "The request is stopped" in page
    assert Delay.objects.get().ended_why == "cancelled"
    bob.refresh_from_db()
    assert not bob.recovering
    told = Message.objects.filter(name="recovery_cancelled").values_list("to", flat=True)
    assert set(told) == {"bob@example.com", "+14155550102"}
    assert not names_bob(page)


@pytest.mark.parametrize("spoil", [lambda s: s.swapcase(), lambda s: f"{s}x", lambda s: "x"])
def test_a_link_that_was_made_up_is_no_page(link, spoil):
    signed = link.removeprefix("/recover/cancel/").removesuffix("/")
    for ask in (Client().get, Client().post):
        assert ask(f"/recover/cancel/{spoil(signed)}/").status_code == 404
    assert Delay.objects.get().ended_at is None


def test_a_reference_shows_and_stops_it_anywhere(client, bob):
    waiting(client, bob)
    delay, elsewhere = Delay.objects.get(), Client()
    shown = elsewhere.post("/recover/status/", {"reference": delay.written.lower()})
    assert "Your request waits" in shown.content.decode()
    wrong = elsewhere.post("/recover/status/", {"reference": "R7KD-2QXM-9PTA", "act": "stop"})
    assert "no request with this reference" in wrong.content.decode()
    elsewhere.post("/recover/status/", {"reference": delay.written, "act": "stop"})
    delay.refresh_from_db()
    assert delay.ended_why == "cancelled"


def test_its_own_browser_sees_how_it_stands(client, bob):
    waiting(client, bob)
    assert heading(client, "/recover/status/") == "Your request waits"
    assert heading(Client(), "/recover/status/") == "Your request for a new way to sign in"


def test_a_sign_in_as_always_stops_it(client, bob, sign_in, clock):
    waiting(client, bob)
    clock.shift(61)
    sign_in(Client(), bob)
    assert Delay.objects.get().ended_why == "cancelled"
    assert "recovery.cancelled" in events(bob)


def sign_in_by_text(tab: Client, user) -> Client:
    """Signs in by the weaker of two ways."""
    url = sign_in_begin(tab, user.username)
    ways = {one.method: one.id for one in tab.get(url).context["step"].devices}
    post(tab, f"{url}method/", device=ways["sms"])
    post(tab, f"{url}answer/", code=code_for(user))
    return tab


def test_a_sign_in_by_less_than_was_lost_does_not(client, alice, clock):
    app_device(alice)
    waiting(client, alice)
    clock.shift(61)
    other = sign_in_by_text(Client(), alice)
    assert Delay.objects.get().ended_at is None
    assert "Somebody asked for a new way to sign in" in other.get("/").content.decode()
    post(other, "/recover/stop/")
    assert Delay.objects.get().ended_why == "cancelled"


def test_ends_what_was_begun_with_it(client, bob, clock):
    url = ready(client, bob, clock)
    post(client, f"{url}enrol/", method="authenticator_app")
    device = AppDevice.objects.get()
    Client().post("/recover/status/", {"reference": Delay.objects.get().written, "act": "stop"})
    response = client.post(f"{url}enrol/answer/", {"code": f"{totp(device.open_seed()):06d}"})
    assert response["Location"] == url
    assert heading(client, url) == "Please start again"
    device.refresh_from_db()
    assert not device.confirmed


@pytest.mark.parametrize("when", ["before", "after"])
def test_no_closed_name_passes(client, bob, clock, when):
    if when == "before":
        url = by_mail(client, bob, "/recover/device/")
        type(bob).objects.update(is_active=False)
        client.post(f"{url}password/", {"password": PASSWORD})
        client.post(f"{url}wait/")
        assert not Delay.objects.exists()
        return
    url = ready(client, bob, clock)
    type(bob).objects.update(is_active=False)
    response = client.post(f"{url}enrol/", {"method": "authenticator_app"})
    assert "call us" in response.content.decode()
    assert not AppDevice.objects.exists()


def test_no_locked_name_passes(client, bob, clock):
    url = ready(client, bob, clock)
    Client().post("/login/", {"username": "bob", "password": "wrong"})
    PasswordFailures.objects.update(count=10)
    response = client.post(f"{url}enrol/", {"method": "authenticator_app"})
    assert "is locked" in response.content.decode()
    assert not AppDevice.objects.exists()


def test_staff_get_none(client, sam):
    url = by_mail(client, sam, "/recover/device/")
    post(client, f"{url}password/", password=PASSWORD)
    response = client.post(f"{url}wait/")
    assert "call us" in response.content.decode()
    assert not Delay.objects.exists()


def test_a_telephone_stands_in_for_a_forgotten_password(client, alice, clock):
    app_device(alice)
    url = by_text(client, alice, "/recover/device/")
    post(client, f"{url}wait/")
    assert Delay.objects.get().user == alice


def test_a_wrong_password_is_counted_as_at_the_sign_in(client, bob):
    url = by_mail(client, bob, "/recover/device/")
    response = client.post(f"{url}password/", {"password": "wrong"})
    assert "does not match" in response.content.decode()
    assert "password.failed" in events(bob)
    assert client.post(f"{url}wait/")["Location"] == url


def test_a_lost_device_leads_there_from_a_forgotten_password(client, alice):
    app_device(alice)
    url = by_mail(client, alice)
    post(client, f"{url}lost/")
    assert heading(client, url) == "Enter your password"
    assert user_device(client, url)


def test_rows_of_long_ago_are_deleted(client, bob, clock):
    waiting(client, bob)
    assert keeping.purge() == 0
    clock.shift(144 * HOUR + 1)
    keeping.tick()
    clock.shift(31 * 24 * HOUR)
    keeping.purge()
    assert not Delay.objects.exists()
    assert not Recovery.objects.exists()
