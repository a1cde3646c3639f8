"""The sign-in of other platforms (CONTRACT 4)."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.challenges.models import Challenge
from accounts.freeze.models import How, Trading
from accounts.freeze.services import freeze
from accounts.origin import SYSTEM, digest
from accounts.outbox.models import Message
from accounts.sessions.models import End, Session
from sls.login.models import Attempt
from sls.methods import registry
from sls.methods.sms.models import PhoneDevice
from tests import phones
from tests.cast import (
    PASSWORD,
    account,
    app_device,
    begin,
    card_device,
    code_for,
    code_set,
    response,
    unused_code,
)
from tests.passkey_authenticator import Passkey, enrolled
from tests.platforms import LOGIN, PLATFORMS, Platform, newest

pytestmark = pytest.mark.django_db

WORDS = {
    "tws": "Request new Security Code",
    "webtrader": "Didn't receive a security code?",
    "mobile_ios": "Request New Code",
    "mobile_android": "Request New Security Code",
    "api": "Request new Security Code",
}


def is_problem(answer, status: int, kind: str) -> dict:
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    assert "no-store" in answer["Cache-Control"]
    body = answer.json()
    assert body["type"] == f"http://localhost:8000/problems/{kind}"
    return body


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_platform_signs_in_by_text_message(alice, name):
    platform = Platform(name)
    began = platform.begin()
    assert began.status_code == 200
    step = platform.step()
    assert step == began.json()["step"]
    assert step["kind"] == "ask_answer"
    assert step["method"] == "sms"
    assert step["destination"].endswith("01")
    assert "+1415555" not in began.content.decode()
    assert step["reference"] == newest().reference
    assert step["delivery"]["channel"] == "sms"
    assert step["alternatives"] == []
    done = platform.answer(newest().code())
    session = done["session"]
    assert session["amr"] == ["pwd", "sms", "mfa"]
    assert session["acr"].endswith("/acr/telephone")
    assert session["username"] == "alice"
    assert session["platform"] == name
    assert datetime.fromisoformat(session["expires_at"]) > timezone.now()
    shown = platform.session()
    assert shown.status_code == 200
    assert shown.json()["rights"] == session["rights"]
    assert Session.objects.get().platform == name


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_platform_keeps_its_words(alice, name):
    platform = Platform(name)
    platform.begin()
    words = platform.step()["words"]
    assert words["again"] == WORDS[name]
    assert words["ok"] == "OK"
    assert words["submit"] == {
        "tws": "OK", "api": "OK", "webtrader": "Login", "mobile_ios": "Submit",
        "mobile_android": "Login",
    }[name]  # fmt: skip


def test_rights_are_those_of_role_and_platform(alice, carol):
    assert Platform("tws").sign_in()["rights"] == ["view", "trade"]
    assert Platform("mobile_ios").sign_in("carol")["rights"] == ["view", "trade"]


def test_the_token_is_told_once_and_kept_as_a_hash(alice):
    platform = Platform()
    session = platform.sign_in()
    row = Session.objects.get()
    assert row.key == digest(session["token"])
    for what, body in (("answer", {"code": "1"}), ("resend", {"delivery": "sms"})):
        is_problem(platform.go(what, body), 410, "gone")
    again = platform.send("GET", f"{LOGIN}/{platform.attempt}")
    is_problem(again, 410, "gone")
    assert session["token"] not in again.content.decode()


def test_the_two_kinds_of_session_open_nothing_of_each_other(client, alice, sign_in):
    platform = Platform()
    platform.sign_in()
    thief = Client()
    thief.cookies["sid"] = platform.token
    assert thief.get("/").status_code == 302
    Message.objects.all().delete()
    sign_in(client, alice)
    is_problem(platform.session(token=client.cookies["sid"].value), 401, "no-token")
    # Trying it has ended neither.
    assert client.get("/").status_code == 200
    assert platform.session().status_code == 200


def test_an_attempt_of_the_portal_is_foreign_here_and_the_other_way_round(client, alice):
    token = begin(client).strip("/").rpartition("/")[2]
    platform = Platform(attempt=token)
    is_problem(platform.go("answer", {"code": code_for(alice)}), 404, "not-found")
    Message.objects.all().delete()
    platform.begin()
    for page in ("", "status/"):
        assert client.get(f"/login/{platform.attempt}/{page}").status_code == 404
    assert client.post(f"/login/{platform.attempt}/answer/", {"code": "1"}).status_code == 404


def test_signing_out_ends_it(alice):
    platform = Platform()
    platform.sign_in()
    ended = platform.session("DELETE")
    assert (ended.status_code, ended.content) == (204, b"")
    assert is_problem(platform.session(), 401, "no-token")["reason"] == "signed_out"
    is_problem(platform.session("DELETE"), 401, "no-token")
    assert Session.objects.get().ended_why == End.SIGNED_OUT


@pytest.mark.parametrize("name", ["alice", "nobody", "ALICE", "ａｌｉｃｅ", " "])
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(alice, name):
    body = is_problem(Platform().begin(name, "wrong-wrong-wrong"), 401, "wrong-credentials")
    assert set(body) == {"type", "title", "status", "detail"}
    assert "Retry-After" not in Platform().begin("x", "wrong")


def test_wrong_passwords_slow_and_lock_as_in_the_portal(alice, clock):
    platform = Platform()
    for _ in range(5):
        is_problem(platform.begin(password="wrong"), 401, "wrong-credentials")
    slowed = platform.begin()
    assert is_problem(slowed, 429, "too-many")["retry_after"] == int(slowed["Retry-After"])
    for _ in range(5):
        clock.shift(600)
        is_problem(platform.begin(password="wrong"), 401, "wrong-credentials")
    clock.shift(600)
    step = platform.step(platform.begin())
    assert (step["kind"], step["reason"]) == ("refused", "locked")
    assert 0 < step["retry_after"] <= 24 * 3600
    assert Client().post("/login/", {"username": "alice", "password": PASSWORD}).status_code == 200
    assert not Attempt.objects.exists()


def test_a_wrong_code_is_counted_and_is_the_same_step(alice):
    platform = Platform()
    platform.begin()
    wrong = f"{(int(newest().code()) + 1) % 1_000_000:06d}"
    step = platform.answer(wrong)
    assert step["kind"] == "ask_answer"
    assert step["error"]["code"] == "wrong"
    assert step["error"]["tries_left"] == 4
    for _ in range(4):
        step = platform.answer(wrong)
    assert step["error"]["tries_left"] == 0
    assert platform.answer(newest().code())["kind"] == "ask_answer"
    assert not Session.objects.exists()


@pytest.mark.parametrize("code", ["", "abc", "12345", "1234567", "４９"])
def test_what_cannot_be_a_code_counts_nothing(alice, code):
    platform = Platform()
    platform.begin()
    assert platform.answer(code)["error"]["code"]
    assert Challenge.objects.get().tries_left == 5


def test_what_no_table_takes_is_malformed_and_counts_nothing(alice):
    platform = Platform()
    platform.begin()
    assert platform.go("answer", {"code": "\u0000"}).status_code == 400
    assert Challenge.objects.get().tries_left == 5


def test_a_second_code_waits_and_comes_by_call(alice, clock):
    platform = Platform()
    platform.begin()
    assert platform.step()["resend"]["after_seconds"] > 0
    early = platform.go("resend", {"delivery": "voice"})
    assert is_problem(early, 429, "too-many")["reason"] == "spacing"
    clock.shift(31)
    step = platform.step(platform.go("resend", {"delivery": "voice"}))
    assert step["delivery"]["channel"] == "voice"
    assert step["delivery"]["status"] == "queued"
    assert platform.answer(newest().code())["kind"] == "done"


@pytest.mark.parametrize(
    ("name", "version", "reads_out"),
    [
        ("tws", "10.30 latest", True),
        ("tws", "10.31.1a beta", True),
        ("tws", "1030 LATEST", True),
        ("tws", "10.19 stable", False),
        ("tws", None, False),
        ("mobile_ios", "8.1 stable", True),
        ("webtrader", None, True),
    ],
)
def test_tws_reads_codes_out_in_latest_and_beta_only(alice, clock, name, version, reads_out):
    platform = Platform(name, version)
    platform.begin()
    clock.shift(31)
    assert ("voice" in platform.step()["resend"]["options"]) == reads_out
    asked = platform.go("resend", {"delivery": "voice"})
    if reads_out:
        assert asked.status_code == 200
    else:
        is_problem(asked, 409, "voice")
        assert Message.objects.count() == 1


def test_several_devices_are_chosen_from(alice):
    app_device(alice)
    card_device(alice)
    platform = Platform()
    platform.begin()
    step = platform.step()
    assert step["kind"] == "ask_method"
    assert [one["method"] for one in step["devices"]] == ["authenticator_app", "dsc_plus", "sms"]
    assert [one["preferred"] for one in step["devices"]] == [True, False, False]
    assert not Message.objects.exists()
    asked = platform.choose("dsc_plus")
    assert asked["challenge"] == newest().question
    assert asked["resend"] is None
    assert {one["method"] for one in asked["alternatives"]} == {"authenticator_app", "sms"}
    assert platform.answer(response(newest()))["session"]["amr"] == ["pwd", "hwk", "mfa"]


def test_a_device_that_is_none_of_yours_is_refused(alice, bob):
    app_device(alice)
    platform = Platform()
    platform.begin()
    theirs = registry.devices(bob.pk)[0].id
    step = platform.step(platform.go("method", {"device": theirs}))
    assert step["error"]["code"] == "unknown_device"


def test_a_backup_code_signs_in(alice):
    code_set(alice)
    platform = Platform("api", None)
    platform.begin()
    platform.choose("backup_codes")
    assert platform.answer(unused_code(alice))["kind"] == "done"


def test_ib_key_approves_and_the_platform_goes_on_by_itself(alice):
    phone = phones.activated(alice)
    platform = Platform("mobile_android")
    platform.begin()
    step = platform.choose("ib_key")
    assert step["kind"] == "wait"
    assert len(step["match"]) == 3
    assert platform.step()["kind"] == "wait"
    assert phone.waits()["platform"] == "mobile_android"
    assert phone.approve(phone.waits(), step["match"]).status_code == 200
    done = platform.keep(platform.step())
    assert done["kind"] == "done"
    assert platform.session().status_code == 200
    is_problem(platform.send("GET", f"{LOGIN}/{platform.attempt}"), 410, "gone")


def test_ib_key_answers_without_a_network(alice):
    phone = phones.activated(alice)
    platform = Platform()
    platform.begin()
    step = platform.choose("ib_key")
    assert platform.answer(phone.respond(step["challenge"]))["kind"] == "done"


def test_a_refused_approval_ends_it(alice):
    phone = phones.activated(alice)
    platform = Platform()
    platform.begin()
    platform.choose("ib_key")
    phone.refuse(phone.waits(), "not_me")
    assert platform.step()["kind"] != "done"
    assert platform.answer("approved")["kind"] != "done"
    assert not Session.objects.exists()


def test_a_passkey_is_for_what_runs_in_a_browser(alice):
    key = Passkey()
    enrolled(alice, key)
    platform = Platform("webtrader")
    platform.begin()
    step = platform.choose("passkey")
    assert platform.answer(key.answer(step["challenge"]))["kind"] == "done"
    platform = Platform("tws")
    platform.begin()
    assert platform.step()["kind"] == "ask_answer"
    assert platform.step()["method"] == "sms"


def test_what_the_portal_demands_no_platform_does_without(alice):
    """Whoever has only a passkey left is sent to the portal, not let in by less."""
    enrolled(alice, Passkey())
    PhoneDevice.objects.update(disabled_at=timezone.now())
    step = Platform().begin().json()
    assert step["attempt"] is None
    assert step["step"]["reason"] == "not_here"


def test_staff_and_newcomers_are_sent_to_the_portal(sam, newcomer):
    for name in ("sam", "nina"):
        began = Platform().begin(name).json()
        assert began["attempt"] is None
        assert began["step"]["reason"] == "portal"
    assert not Message.objects.exists()


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_freeze_ends_it_at_the_next_call(alice, name):
    platform = Platform(name)
    platform.sign_in()
    freeze(user_id=alice.pk, origin=SYSTEM, how=How.LINK, trading=Trading.NOTHING)
    is_problem(platform.session(), 401, "no-token")
    assert Platform(name).begin().json()["step"]["reason"] == "frozen"


def test_a_closed_user_and_a_locked_session_open_nothing(alice):
    platform = Platform()
    platform.sign_in()
    alice.is_active = False
    alice.save()
    is_problem(platform.session(), 401, "no-token")


def test_the_session_is_listed_in_the_portal_and_ended_there(client, alice, sign_in):
    platform = Platform()
    platform.sign_in()
    Message.objects.all().delete()
    sign_in(client, alice)
    page = client.get("/settings/security/sessions/").content.decode()
    assert "Trader Workstation" in page
    row = Session.objects.get(platform="tws")
    client.post(f"/settings/security/sessions/{row.key[:12]}/end/")
    assert is_problem(platform.session(), 401, "no-token")["reason"] == "closed"


def test_a_session_is_read_with_one_query(alice, counted_queries):
    platform = Platform()
    platform.sign_in()
    platform.session()
    with counted_queries(2):  # the check, and the rights that are told
        assert platform.session().status_code == 200


def test_signing_in_costs_what_it_costs_in_the_portal(alice, clock, counted_queries):
    """SPEED G4, on a device that is known, although one answer holds also what the portal shows on
    the page that it leads to, and whether another trading session is in the way."""
    platform = Platform()
    platform.sign_in()
    platform.session("DELETE")
    clock.shift(61)
    with counted_queries(most=8):
        assert platform.begin().status_code == 200
    clock.shift(61)
    with counted_queries(most=8):
        assert platform.go("resend", {"delivery": "sms"}).status_code == 200
    code = newest().code()
    with counted_queries(most=11):
        assert platform.go("answer", {"code": code}).status_code == 200


def test_a_known_device_is_no_new_one(alice):
    platform = Platform()
    platform.sign_in()
    first = platform.device
    platform.session("DELETE")
    Message.objects.all().delete()
    platform.sign_in()
    assert platform.device.partition(".")[0] == first.partition(".")[0]
    assert platform.device != first
    assert Attempt.objects.latest("created_at").known_device


def test_a_sign_in_that_lasts_too_long_is_over(alice, clock):
    platform = Platform()
    platform.begin()
    clock.shift(timedelta(minutes=16))
    assert platform.step()["reason"] == "expired"
    assert platform.answer("123456")["reason"] == "expired"


def test_rates_are_told(alice):
    answer = Platform().begin()
    assert answer["RateLimit-Policy"] == '"sign-ins-per-address";q=30;w=60'
    assert answer["RateLimit"].startswith('"sign-ins-per-address";r=29;t=')


def test_too_many_sign_ins_from_an_address_are_slowed(settings, alice):
    settings.SIGN_INS_PER_ADDRESS_MINUTE = 1
    Platform().begin(password="wrong")
    is_problem(Platform().begin(), 429, "too-many")


def test_the_equity_owner_moves_money_on_the_phone_only(alice):
    account("U1000009", alice, equity=1)
    assert Platform("mobile_ios").sign_in()["rights"] == ["view", "trade", "fund"]
