"""A thief signs in; Alice stops everything from a mail, makes it safe again, and is let back in."""

from datetime import timedelta

from django.db.models import F
from django.test import Client
from django_otp.oath import totp

from accounts.freeze.models import Freeze
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.incident.tasks import thaw_due
from tests.cast import PASSWORD, SEED, app_device, begin, code_for
from tests.sls.incident.ways import NEW
from tests.waiting import wait_until

MAILBOX = "alice@example.com"


def thief(alice: User) -> Client:
    """Somebody who knows the password and has the number of Alice."""
    tab = Client()
    url = begin(tab)
    phone = alice.phonenumbers.get().devices.get()
    tab.post(f"{url}method/", {"device": phone.persistent_id})
    assert tab.post(f"{url}answer/", {"code": code_for(alice)})["Location"] == "/"
    return tab


def app_code(*, steps: int = 0) -> str:
    return f"{totp(SEED, drift=steps):06d}"


def answer(person, key: str, value: str) -> None:
    """Says of one thing whose it is."""
    person.page.locator(f"input[name^='{key}'][value='{value}']").first.check()


def test_from_the_mail_without_a_session_to_the_receipt(new_person, alice, axe):
    app_device(alice, "Work phone", at=alice.activated_at)
    stranger, hers = thief(alice), new_person()
    theirs = app_device(alice, "Added by the thief")
    hers.page.goto(hers.not_me_link(MAILBOX, "new device"))
    hers.press("Stop everything now")
    hers.sees("Everything is stopped", "h1")
    assert stranger.get("/").status_code == 302
    reference = Freeze.objects.get().shown
    hers.sees(reference)

    hers.page.get_by_role("link", name="Go on: make it safe again").click()
    hers.sees("Come back in", "h1")
    axe(hers.page)
    hers.fill(username="alice", password="not the one")
    hers.press("Continue")
    hers.sees("nothing is stopped for this user name", "#error-summary")
    hers.fill(username="alice", password=PASSWORD)
    hers.press("Continue")
    hers.sees("only the strongest of your ways leads back")
    hers.give_code(app_code())

    hers.sees("Choose a new password", "h1")
    hers.open("/settings/")  # nothing else opens
    hers.sees("Choose a new password", "h1")
    hers.fill(password=NEW)
    hers.press("Save the new password")

    hers.sees("Are these authenticators yours?", "h1")
    answer(hers, f"appdevice-{theirs.pk}", "not")
    hers.press("Save and continue")
    hers.sees("Are these contacts yours?", "h1")
    theirs.refresh_from_db()
    assert theirs.revoked_at is not None
    answer(hers, "emailaddress-", "mine")
    answer(hers, "phonenumber-", "mine")
    hers.press("Save and continue")

    hers.sees("How may it have happened?", "h1")
    hers.page.get_by_label("I followed a link in an e-mail").check()
    hers.fill(text="A message about a parcel.")
    hers.press("Save and continue")
    hers.sees("What is left to close", "h1")
    hers.sees("A passkey cannot")
    axe(hers.page)
    hers.press("Continue")

    hers.sees("24 hours after you ask")
    hers.press("Ask to let everything go on")
    hers.sees("Everything goes on by itself", "h1")
    mail = hers.read_mail(MAILBOX, "everything may go on again")
    assert "This was not me" in mail
    hers.press("Log off")

    hers.give_password("alice", NEW)
    hers.sees("Come back in")
    assert not Session.objects.filter(ended_at=None).exists()

    day = timedelta(hours=24, minutes=1)
    Freeze.objects.update(at=F("at") - day, thaw_asked_at=F("thaw_asked_at") - day)
    thaw_due.delay()
    wait_until(lambda: not User.objects.filter(pk=alice.pk, frozen_at__isnull=False).exists())
    assert "everything goes on again" in hers.read_mail(MAILBOX, "everything goes on again")

    hers.give_password("alice", NEW)
    hers.page.get_by_text("Work phone").click()
    hers.press("Continue")
    hers.give_code(app_code(steps=1))
    hers.is_in()
    hers.open("/frozen/receipt/")
    hers.sees("Receipt of what happened", "h1")
    for said in (reference, "New password set", "Authenticator removed", "parcel"):
        hers.sees(said)
    hers.sees("Everything goes on again since")
    axe(hers.page)
