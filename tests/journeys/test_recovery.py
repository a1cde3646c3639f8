"""Coming back in: with a factor, and with none."""

import base64
import re
from datetime import timedelta

from django.db.models import F
from django_otp.oath import totp

from accounts.outbox.models import Message
from sls.recovery.models import Delay
from tests.recovering import NEW

MOBILE, MAILBOX = "+14155550102", "bob@example.com"
HOURS = timedelta(hours=73)


def give_name(person, name: str = "bob") -> None:
    person.fill(username=name)
    person.press("Continue")
    person.sees("Check your e-mail", "h1")


def give_mailed_code(person) -> None:
    """Reads the mail whose letters stand on the page."""
    letters = person.page.locator("#reference").inner_text().rstrip("-").strip()
    mail = person.read_mail(MAILBOX, f"{letters}-")
    assert "http" not in mail
    person.give_code(re.search(rf"{letters}-([0-9]{{6}})", mail)[1])


def later() -> None:
    """Three days have passed."""
    Message.objects.update(created_at=F("created_at") - HOURS, not_before=F("not_before") - HOURS)
    Delay.objects.update(
        begun_at=F("begun_at") - HOURS, due_at=F("due_at") - HOURS, until=F("until") - HOURS
    )


def app_code(key: str, *, steps: int = 0) -> str:
    """What an app with this setup key shows, so many steps from now."""
    return f"{totp(base64.b32decode(key.replace(' ', '')), drift=steps):06d}"


def ask_for_a_new_way(person) -> None:
    """From the sign-in page to the wait."""
    person.open("/login/")
    person.page.get_by_role("link", name="Forgot your password?").click()
    person.page.get_by_role("link", name="You lost your phone, passkey or card?").click()
    give_name(person)
    give_mailed_code(person)
    person.sees("Enter your password", "h1")
    person.fill(password="lantern-orbit-cactus-42")
    person.press("Continue")
    person.sees("It opens in 72 hours")
    person.press("Ask for it")
    person.sees("Your request waits", "h1")


def test_a_forgotten_password_is_replaced_with_a_factor(person, bob):
    person.open("/login/")
    person.page.get_by_role("link", name="Forgot your password?").click()
    give_name(person)
    person.give_code("000001")
    person.sees("does not match", "#error-summary")
    give_mailed_code(person)

    person.sees("Prove that it is you", "h1")
    person.press("Text message to +1 ... 02")
    person.sees("Check your phone", "h1")
    person.give_code(person.read_code(MOBILE))

    person.sees("Choose a new password", "h1")
    person.fill(password="bob-example-1")
    person.press("Save the new password")
    person.sees("Please check this", "#error-summary")
    person.fill(password=NEW)
    person.press("Save the new password")
    person.sees("Your password is changed", "h1")
    assert "your password was changed" in person.read_mail(MAILBOX, "your password was changed")

    # Nobody was signed in by it.
    person.open("/settings/")
    person.is_at("/login/?next=/settings/")
    person.give_password("bob")
    person.sees("do not match", "#error-summary")
    Message.objects.update(created_at=F("created_at") - HOURS, not_before=F("not_before") - HOURS)
    person.give_password("bob", NEW)
    person.sees("Check your phone", "h1")
    person.give_code(person.read_code(MOBILE, count=3))
    person.is_in()


def test_a_request_without_a_factor_is_stopped_from_a_mail(person, new_person, bob):
    ask_for_a_new_way(person)
    mail = person.read_mail(MAILBOX, "a new way to sign in was asked for")
    link = re.search(r"http://[^/]+(/recover/cancel/\S+/)", mail)[1]
    assert "new way to sign in" in person.read_text(MOBILE)

    owner = new_person()
    owner.open(link)
    owner.sees("Did you not ask for a new way to sign in?", "h1")
    assert Delay.objects.get().ended_at is None
    owner.press("Stop this request")
    owner.sees("The request is stopped", "h1")
    person.page.reload()
    person.sees("This request is over", "h1")
    person.read_mail(MAILBOX, "was stopped")


def test_a_new_factor_is_set_up_after_the_wait(person, bob):
    ask_for_a_new_way(person)
    later()
    person.page.reload()
    person.sees("You can set up a new way to sign in now", "h1")
    person.page.get_by_role("link", name="Go on").click()
    give_name(person)
    give_mailed_code(person)
    person.fill(password="lantern-orbit-cactus-42")
    person.press("Continue")
    person.sees("Set up a new way to sign in", "h1")
    person.press("Authenticator app")
    key = person.page.locator("#setup-key").inner_text()
    person.give_code(app_code(key))
    person.sees("Your new way to sign in is ready", "h1")

    person.give_password("bob")
    person.page.get_by_label("Authenticator app").check()
    person.press("Continue")
    person.give_code(app_code(key, steps=1))
    person.is_in()
