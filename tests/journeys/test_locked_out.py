"""A stranger locks Alice out; she gets in all the same, and lifts the lock."""

import re
from datetime import timedelta

from django.db.models import F
from django_otp.oath import totp

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.lockout.models import PasswordFailures
from accounts.sessions.models import Session
from tests.cast import SEED, app_device

ALICE = "+14155550101"
CODE = re.compile(r"^\s+([0-9]{6})$", re.M)


def guess(stranger, times: int = 10) -> None:
    """Wrong passwords, as if each came after its wait."""
    for number in range(times):
        stranger.give_password("alice", f"guess {number}")
        stranger.sees("do not match")
        PasswordFailures.objects.update(last_at=F("last_at") - timedelta(minutes=5))


def test_a_stranger_locks_alice_out_and_her_own_browser_lets_her_in(
    new_person, alice, axe, settings
):
    settings.FIRST_RESEND_AFTER = 0
    at_home, stranger = new_person(), new_person()
    at_home.give_password("alice")
    at_home.give_code(at_home.read_code(ALICE))
    at_home.is_in()
    at_home.press("Log off")

    guess(stranger)
    stranger.give_password("alice")
    stranger.sees("This user name is paused until", "#error-summary")
    stranger.sees("A browser that you have signed in with before")
    stranger.sees("Two ways to lift the pause")
    axe(stranger.page)
    mail = at_home.read_mail("alice@example.com", "sign-in is paused")
    assert "lift the pause yourself" in mail

    at_home.give_password("alice")
    at_home.give_code(at_home.read_code(ALICE, count=2))
    at_home.is_in()
    assert len(at_home.wire.mails("alice@example.com")) == 2  # the new device, and the lock


def test_alice_unlocks_it_by_her_mail_and_her_app(new_person, alice, axe):
    app_device(alice, "Work phone")
    hers, stranger = new_person(), new_person()
    guess(stranger)

    hers.give_password("alice")
    hers.press("Unlock it yourself")
    hers.sees("Check your e-mail", "h1")
    axe(hers.page)
    mail = hers.read_mail("alice@example.com", "your code for lifting the pause")
    hers.give_code("000000")
    hers.sees("does not match", "#error-summary")
    hers.give_code(CODE.search(mail).group(1))
    hers.sees("Open your authenticator app", "h1")
    axe(hers.page)
    hers.give_code(f"{totp(SEED):06d}")
    hers.sees("The pause is lifted.")
    axe(hers.page)
    assert not Session.objects.exists()
    told = hers.read_mail("alice@example.com", "by a code that went to your e-mail address")
    assert "call us now" in told
    assert Entry.objects.filter(event=Event.SIGN_IN_UNLOCKED, actor="self").count() == 1

    hers.give_password("alice")
    hers.sees("Choose how to sign in", "h1")
