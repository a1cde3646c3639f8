"""Every way to a session or a grant, at its last step, for somebody who was closed or locked in
the meantime (CVE-2025-53942, GO-2025-4137; CVE-2026-9798, CVE-2026-16103, CVE-2026-88770).

Keycloak asked for the lock at the start of a flow, then at its end, then in all but its sibling;
authentik let a closed user in by another source.
"""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp

from accounts.challenges.models import Challenge
from accounts.freeze.models import How, Trading
from accounts.freeze.services import freeze
from accounts.lockout import services as lockout
from accounts.lockout.models import PasswordFailures
from accounts.origin import SYSTEM, digest, halves
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.methods import registry
from sls.methods.ib_key.models import Push
from sls.step_up.models import Pending
from tests import phones
from tests.attacks.tools import browser
from tests.cast import (
    PASSCODE,
    PASSWORD,
    SEED,
    app_device,
    begin,
    card_device,
    code_for,
    code_set,
    online_card,
    passcode,
    person,
    response,
    unused_code,
    values,
)
from tests.passkey_authenticator import Passkey, enrolled
from tests.platforms import LOGIN, PLATFORMS, Platform

Last = Callable[[], object]  # the last request of a way
KEY = Passkey()

pytestmark = pytest.mark.django_db


def answered(tab: Client, user: User, method: str, code: Callable[[], str]) -> Last:
    """The second factor of a sign-in, chosen where there are several."""
    url = begin(tab, user.username)
    wanted = next((row.id for row in registry.devices(user.pk) if row.method == method), "")
    tab.post(f"{url}method/", {"device": wanted})
    text = code()
    return lambda: tab.post(f"{url}answer/", {"code": text})


def newest() -> Challenge:
    return Challenge.objects.latest("created_at")


def app_code() -> str:
    return f"{totp(SEED):06d}"


def by_text(tab: Client, user: User) -> Last:
    return answered(tab, user, "sms", lambda: code_for(user))


def by_app(tab: Client, user: User) -> Last:
    app_device(user)
    return answered(tab, user, "authenticator_app", app_code)


def by_card(tab: Client, user: User) -> Last:
    card_device(user)
    return answered(tab, user, "dsc_plus", lambda: response(newest()))


def by_phone(tab: Client, user: User) -> Last:
    phone = phones.activated(user)
    return answered(tab, user, "ib_key", lambda: phone.respond(newest().question))


def by_approval(tab: Client, user: User) -> Last:
    phone = phones.activated(user)
    last = answered(tab, user, "ib_key", lambda: "approved")
    push = Push.objects.latest("created_at")
    assert phone.approve(phone.waits(), push.shown()).status_code == 200
    return last


def by_printed_code(tab: Client, user: User) -> Last:
    code_set(user)
    return answered(tab, user, "backup_codes", lambda: unused_code(user))


def by_online_card(tab: Client, user: User) -> Last:
    online_card(user)
    return answered(tab, user, "online_card", lambda: values(newest()))


def by_passcode(tab: Client, user: User) -> Last:
    passcode(user)
    return answered(tab, user, "temporary_passcode", lambda: PASSCODE)


def by_passkey(tab: Client, user: User) -> Last:
    enrolled(user, KEY)
    return answered(tab, user, "passkey", lambda: KEY.answer(newest().question))


def by_passkey_alone(tab: Client, user: User) -> Last:
    enrolled(user, KEY)
    text = KEY.answer(tab.post("/login/passkey/question/").json()["challenge"])
    return lambda: tab.post("/login/passkey/", {"code": text})


def enrolling(tab: Client, user: User) -> Last:
    nina = person("nina", mobile="+14155550111", enrolled=False)
    return answered(tab, nina, "sms", lambda: code_for(nina))


def step_up(tab: Client, user: User) -> Last:
    by_text(tab, user)()
    # As if the code of the sign-in had been sent long ago.
    Message.objects.all().delete()
    url = tab.post("/settings/communication/emails/", {"email": "new@example.com"})["Location"]
    assert tab.post(url, {"password": PASSWORD}).status_code == 302
    code = code_for(user)
    return lambda: tab.post(f"{url}answer/", {"code": code})


def unlocking(tab: Client, user: User) -> Last:
    app_device(user)
    lock(user, tab)
    url = tab.post("/unlock/", {"username": user.username})["Location"]
    there = tab.post(url, {"code": newest().code()})["Location"]
    return lambda: tab.post(f"{there}answer/", {"code": app_code()})


def by_platform(name: str) -> Callable[[Client, User], Last]:
    """By text message, on another platform than the portal."""

    def way(tab: Client, user: User) -> Last:
        platform = Platform(name, client=tab)
        platform.begin(user.username)
        code = code_for(user)
        return lambda: platform.go("answer", {"code": code, "take_over": True})

    return way


def by_waiting(tab: Client, user: User) -> Last:
    """The phone has approved, and the platform asks how it stands."""
    phone = phones.activated(user)
    platform = Platform("mobile_ios", client=tab)
    platform.begin(user.username)
    step = platform.choose("ib_key")
    assert phone.approve(phone.waits(), step["match"]).status_code == 200
    return lambda: platform.send("GET", f"{LOGIN}/{platform.attempt}")


def by_taking_over(tab: Client, user: User) -> Last:
    """Everything is proven, and the word is said that another session is to end."""
    Platform("tws").sign_in(user.username)
    Session.objects.update(ended_at=None)
    Message.objects.all().delete()
    platform = Platform("tws", client=tab)
    platform.begin(user.username)
    code = code_for(user)
    assert platform.answer(code)["reason"] == "session_in_use"
    Session.objects.all().delete()
    return lambda: platform.go("answer", {"code": code, "take_over": True})


WAYS = {
    **{f"text message on {name}": by_platform(name) for name in PLATFORMS},
    "approval on a platform": by_waiting,
    "taking over": by_taking_over,
    "sms": by_text,
    "authenticator_app": by_app,
    "dsc_plus": by_card,
    "ib_key": by_phone,
    "approved push": by_approval,
    "backup_codes": by_printed_code,
    "online_card": by_online_card,
    "temporary_passcode": by_passcode,
    "passkey": by_passkey,
    "passkey alone": by_passkey_alone,
    "enrolling": enrolling,
    "step-up": step_up,
    "unlocking": unlocking,
}
PASS_A_LOCK = {"passkey", "passkey alone"}


def lock(user: User, tab: Client) -> None:
    """Ten wrong passwords, by strangers and in this browser, without anybody noticing."""
    now = timezone.now()
    cookie = tab.cookies["device"].value if "device" in tab.cookies else ""
    for name in {user.username, "nina"}:
        for device in {"", digest(halves(cookie)[0]) if cookie else ""}:
            PasswordFailures.objects.update_or_create(
                pk=lockout.key_of(name, device),
                defaults={"count": 10, "first_at": now, "last_at": now},
            )


def came_in(way: str) -> bool:
    """Whether the way has led where it leads."""
    if way == "step-up":
        return Pending.objects.filter(granted_at__isnull=False).exists()
    if way == "unlocking":
        return not PasswordFailures.objects.filter(pk=lockout.key_of("alice")).exists()
    return Session.objects.exists()


def test_every_method_is_walked():
    assert {method.code for method in registry.METHODS} <= WAYS.keys()


@pytest.mark.parametrize("way", WAYS)
def test_every_way_leads_in(alice, way):
    """What the others compare with."""
    WAYS[way](browser(), alice)()
    assert came_in(way)


@pytest.mark.parametrize("way", WAYS)
def test_cve_2025_53942_who_was_closed_comes_in_by_no_way(alice, way):
    last = WAYS[way](browser(), alice)
    User.objects.update(is_active=False)
    last()
    assert not came_in(way)


@pytest.mark.parametrize("way", WAYS)
def test_who_stopped_everything_comes_in_by_no_way(alice, way):
    last = WAYS[way](browser(), alice)
    # As if the freeze had ended nothing that was begun: the decision alone says no.
    User.objects.update(frozen_at=timezone.now())
    last()
    assert not came_in(way)


@pytest.mark.parametrize("way", WAYS)
def test_what_was_begun_before_a_freeze_leads_nowhere(alice, way):
    last = WAYS[way](browser(), alice)
    for user in User.objects.all():
        freeze(user_id=user.pk, origin=SYSTEM, how=How.LINK, trading=Trading.NOTHING)
    last()
    assert not came_in(way)
    assert not Session.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("way", WAYS)
def test_cve_2026_9798_who_was_locked_comes_in_by_a_passkey_only(alice, way):
    tab = browser()
    last = WAYS[way](tab, alice)
    lock(alice, tab)
    last()
    # Lifting the lock is what it is for.
    assert came_in(way) == (way in PASS_A_LOCK | {"unlocking"})
