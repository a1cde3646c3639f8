"""Somebody pumps text messages: seen, stopped, overruled; and a carrier that fails for a while."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django_otp.oath import totp

from accounts.challenges import using
from accounts.outbox.models import Message, Status
from accounts.outbox.outage import services as outage
from accounts.outbox.spending import services as spending
from tests import cast
from tests.waiting import wait_until

ALICE = "+14155550101"
PUMPED = 40


@pytest.fixture
def quick(stack, settings):
    """Nobody waits for minutes."""
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    settings.SIGN_INS_PER_ADDRESS_MINUTE = settings.SENDS_PER_ADDRESS_HOUR = 1000
    return stack


def beat() -> None:
    """What beat does every five seconds."""
    using.tell()
    spending.sync()
    outage.judge()


def settled() -> bool:
    """Whether the worker is through."""
    on_the_way = [Status.QUEUED, Status.SENDING]
    return not Message.objects.filter(is_code=True, status__in=on_the_way).exists()


def strangers(number: int, prefix: str = "+1415555") -> None:
    """So many clients who never used a code ask for one."""
    for place in range(number):
        user = cast.person(f"mule{prefix[-1]}{place}", mobile=f"{prefix}03{place:02}")
        cast.begin(Client(), user.username)
    wait_until(settled, seconds=60)


def at_the_console(person, user) -> None:
    person.give_password(user.username)
    person.give_code(f"{totp(cast.SEED):06d}")
    person.is_at("/console/")


def test_a_pump_is_stopped_told_and_overruled(quick, new_person, alice, tess):
    used = new_person()
    used.give_password("alice")
    used.give_code(used.read_code(ALICE))
    used.is_in()
    beat()

    strangers(PUMPED)
    left = sum(len(quick.messages(f"+141555503{place:02}")) for place in range(PUMPED))
    assert left <= 25

    # A stranger in that range is told at once, and not left waiting.
    waits = new_person()
    cast.person("zoe", mobile="+14155550399")
    waits.give_password("zoe")
    waits.line_says("we send no codes to this range of numbers", status="failed")
    waits.page.context.close()

    # Whoever used a code before gets the next one.
    used.press("Log off")
    before = len(quick.messages(ALICE))
    used.give_password("alice")
    wait_until(lambda: len(quick.messages(ALICE)) > before, seconds=20)

    # The lead reads of it in the mailbox, looks, and lets the range through.
    lead = new_person()
    assert "+14155550 xxx" in lead.read_mail("tess@example.com", "were sent to strangers")
    at_the_console(lead, tess)
    lead.open("/console/desk/")
    lead.sees("Codes to 1 range of numbers are stopped")
    lead.page.get_by_role("link", name="Stopped ranges").click()
    lead.sees("+14155550 xxx")
    lead.page.get_by_role("link", name="Open – +14155550 xxx").click()
    lead.fill(reason="New clients in Oakland", ticket="SUP-1042")
    lead.press("Let it through")
    lead.sees("Codes to +14155550 xxx are let through.")
    lead.sees("SUP-1042")

    cast.person("yuri", mobile="+14155550398")
    cast.begin(Client(), "yuri")
    wait_until(lambda: quick.messages("+14155550398"), seconds=20)


def test_a_carrier_that_fails_gives_way_and_comes_back(quick, new_person, alice, settings):
    settings.OUTAGE_LEAST = 4
    quick.fault("messages", "http_500", times=4)
    strangers(4)
    beat()

    waits = new_person()
    waits.give_password("alice")
    waits.sees("Text messages do not arrive reliably at the moment")
    waits.sees("Ask for your security code", "h1")
    assert not Message.objects.filter(to=ALICE).exists()
    first, _second = waits.page.locator("#resend .choice").all()
    assert first.get_attribute("value") == "voice"
    waits.ask_again("voice")
    waits.sees("Answer your phone", "h1")

    # It works again: those who ask for a text all the same find out.
    Message.objects.update(created_at=F("created_at") - timedelta(minutes=6))
    for place in range(3):
        user = cast.person(f"tries{place}", mobile=f"+141555504{place:02}")
        browser = Client()
        url = cast.begin(browser, user.username)
        assert browser.post(f"{url}resend/", {"delivery": "sms"}).status_code == 302
    wait_until(settled, seconds=30)
    beat()
    assert outage.away() == frozenset()
    bob = new_person()
    cast.person("walter", mobile="+14155550455")
    bob.give_password("walter")
    bob.sees("Check your phone", "h1")
