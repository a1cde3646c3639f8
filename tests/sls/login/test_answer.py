"""The security code."""

import pytest
from django.test import Client

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.methods.sms.models import PhoneDevice
from tests.cast import begin, code_for


def wrong(user) -> str:
    return f"{(int(code_for(user)) + 1) % 1_000_000:06d}"


def answer(client, url, code):
    return client.post(f"{url}answer/", {"code": code})


@pytest.mark.parametrize("form", ["{}", " {} ", "#{}", "{ref}-{}"])
def test_signs_in_with_the_code_however_typed(client, alice, form):
    url = begin(client)
    challenge = Challenge.objects.get()
    response = answer(client, url, form.format(challenge.code(), ref=challenge.reference))
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    assert Session.objects.get().method == "sms"


def test_takes_full_width_digits(client, alice):
    url = begin(client)
    wide = code_for(alice).translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    assert answer(client, url, wide).status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter the security code."),
        ("abcdef", "digits only"),
        ("1234", "too short"),
        ("12345678", "too long"),
    ],
)
def test_says_what_is_wrong_with_the_shape_and_counts_nothing(client, alice, typed, sentence):
    url = begin(client)
    response = answer(client, url, typed)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert Challenge.objects.get().tries_left == 5


def test_counts_a_wrong_code_and_sends_nothing(client, alice):
    url = begin(client)
    response = answer(client, url, wrong(alice))
    assert "You can try 4 more times." in response.content.decode()
    assert Challenge.objects.get().tries_left == 4
    assert PhoneDevice.objects.get().failures == 1
    assert Message.objects.count() == 1
    assert Entry.objects.latest("number").event == Event.SIGN_IN_FAILED


def test_stops_evaluating_after_five_wrong_codes(client, alice):
    url = begin(client)
    right = code_for(alice)
    for _ in range(5):
        answer(client, url, wrong(alice))
    response = answer(client, url, right)
    assert response.status_code == 200
    assert "codes that did not match" in response.content.decode()
    assert not Session.objects.exists()


def test_says_that_a_code_is_expired(client, alice, clock):
    url = begin(client)
    code = code_for(alice)
    clock.shift(301)
    response = answer(client, url, code)
    assert "has expired" in response.content.decode()
    assert not Session.objects.exists()


def test_does_not_take_a_code_twice(client, alice):
    url = begin(client)
    code = code_for(alice)
    answer(client, url, code)
    response = answer(client, url, code)
    assert response.status_code == 302
    assert response["Location"].startswith("/login/?ended=")
    assert Session.objects.count() == 1


def test_never_opens_one_sign_in_with_the_code_of_another(alice, clock):
    first, second = Client(), Client()
    url_a = begin(first)
    code_a = code_for(alice)
    clock.shift(31)
    url_b = begin(second)
    assert code_for(alice) != code_a
    assert answer(second, url_b, code_a).status_code == 200
    assert answer(first, url_a, code_a).status_code == 302


def test_explains_a_code_with_another_reference(client, alice):
    url = begin(client)
    challenge = Challenge.objects.get()
    other = "ABC" if challenge.reference != "ABC" else "ABD"
    response = answer(client, url, f"{other}-{challenge.code()}")
    assert "belongs to another request" in response.content.decode()
    assert Challenge.objects.get().tries_left == 5


def test_works_only_in_the_browser_that_posted_the_password(client, alice):
    url = begin(client)
    stranger = Client()
    for path in (url, f"{url}status/"):
        assert stranger.get(path).status_code == 404
    assert answer(stranger, url, code_for(alice)).status_code == 404


def test_knows_no_attempt_that_was_made_up(client, db):
    assert client.get("/login/made-up/").status_code == 404


def test_ends_an_attempt_after_a_quarter_of_an_hour(client, alice, clock):
    url = begin(client)
    clock.shift(901)
    response = client.get(url)
    assert response.status_code == 302
    assert response["Location"] == "/login/?ended=expired"


def test_disables_the_authenticator_after_twenty_in_a_row_over_all_sign_ins(alice, clock):
    for _ in range(4):
        client = Client()
        url = begin(client)
        for _ in range(5):
            answer(client, url, wrong(alice))
        clock.shift(3600)
    assert PhoneDevice.objects.get().disabled_at is not None
    response = Client().post(
        "/login/", {"username": "alice", "password": "lantern-orbit-cactus-42"}
    )
    assert response.status_code == 200
    assert "no way left" in response.content.decode()
    events = Entry.objects.filter(user=alice, event=Event.DEVICE_DISABLED)
    assert events.count() == 1


def test_forgets_the_failures_of_an_authenticator_when_it_is_right(client, alice):
    url = begin(client)
    answer(client, url, wrong(alice))
    answer(client, url, code_for(alice))
    assert PhoneDevice.objects.get().failures == 0


def test_cve_2026_95754_refuses_who_was_closed_between_password_and_code(client, alice):
    url = begin(client)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    answer(client, url, code_for(alice))
    assert not Session.objects.exists()


def test_cve_2024_7341_gives_a_new_session_key_and_kills_the_old(client, alice, sign_in):
    sign_in(client, alice)
    old = client.cookies["sid"].value
    client.post("/logout/")
    client.cookies["sid"] = old
    assert client.get("/").status_code == 302
    sign_in(client, alice)
    assert client.cookies["sid"].value != old


def test_asvs_7_4_1_ends_the_session_on_the_server(client, alice, sign_in):
    sign_in(client, alice)
    stolen = client.cookies["sid"].value
    response = client.post("/logout/")
    assert response["Clear-Site-Data"] == '"cache"'
    thief = Client()
    thief.cookies["sid"] = stolen
    assert thief.get("/").status_code == 302


def test_keeps_no_key_of_a_session_in_the_table(client, alice, sign_in):
    sign_in(client, alice)
    assert client.cookies["sid"].value not in str(Session.objects.values_list().get())


def test_enrols_a_newcomer_with_the_first_code(client, newcomer):
    url = begin(client, "nina")
    assert answer(client, url, code_for(newcomer)).status_code == 302
    newcomer.refresh_from_db()
    assert newcomer.activated_at is not None
    phone = newcomer.phonenumbers.get()
    assert phone.primary
    assert phone.verified_at
    assert PhoneDevice.objects.get().confirmed


def test_does_not_enrol_again_who_lost_every_authenticator(client, alice):
    PhoneDevice.objects.update(disabled_at="2026-01-01T00:00Z")
    response = client.post("/login/", {"username": "alice", "password": "lantern-orbit-cactus-42"})
    assert "no way left" in response.content.decode()
    assert not Message.objects.exists()


def test_signs_staff_in_by_authenticator_app_and_takes_a_code_once(client, sam):
    from django_otp.oath import totp

    from tests.cast import SEED

    url = begin(client, "sam")
    code = f"{totp(SEED):06d}"
    assert answer(client, url, code).status_code == 302
    again = Client()
    url = begin(again, "sam")
    assert answer(again, url, code).status_code == 200
