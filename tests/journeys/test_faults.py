"""Every fault of the emulator, and what the person who waits sees of it."""

import html
import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.contacts.models import EmailAddress
from accounts.outbox import delivery, rules
from portal.emulator.faults import ALLOWED
from tests import cast
from tests.waiting import wait_until

# Status and words of the delivery line.
ARRIVED = ("delivered", "Delivered to your phone")
HANDED = ("sent", "Handed to your carrier")
RINGS = ("ringing", "Your phone is ringing.")
CALLED = ("sent", "The call is on its way to your phone.")
LOST = ("unknown", "it was probably not sent. Ask for it again below.")
MAILED = ("sent", "Handed to your mail server")
REFUSED = ("failed", "The mail server did not take the message. Ask for it again below.")
UNCLEAR = ("unknown", "it may still arrive. Ask for it again below.")

REQUESTS = {
    "http_429": True,
    "http_500": False,
    "http_503": False,
    "timeout": False,
    "reset": False,
    "accept_then_reset": True,
    "accept_then_500": True,
    "accept_then_timeout": True,
    "delay": True,
}
NEWS = {
    "no_callback": False,
    "late_callback": True,
    "duplicate_callback": True,
    "reordered_callbacks": True,
    "forged_callback": False,
}
SEEN = {
    "messages": {name: ARRIVED if good else LOST for name, good in REQUESTS.items()}
    | {name: ARRIVED if good else HANDED for name, good in NEWS.items()},
    "callbacks": {name: ARRIVED if good else HANDED for name, good in NEWS.items()},
    "calls": {name: RINGS if good else LOST for name, good in REQUESTS.items()}
    | {name: RINGS if good else CALLED for name, good in NEWS.items()},
    "smtp": {
        "http_429": MAILED,
        "http_500": REFUSED,
        "http_503": MAILED,
        "timeout": UNCLEAR,
        "reset": UNCLEAR,
        "accept_then_reset": UNCLEAR,
        "accept_then_500": REFUSED,
        "accept_then_timeout": UNCLEAR,
        "delay": MAILED,
    },
    # What is not told in time keeps no code back.
    "lookups": dict.fromkeys(sorted(ALLOWED["lookups"]), ARRIVED),
}
# Of a fault that has to last: every callback, or the one request.
TIMES = {"no_callback": 9, "forged_callback": 9}
LINE = re.compile(r'id="delivery".*?data-status="(\w+)"(.*?)</div>', re.S)

Waiting = dict[str, tuple[Client, str]]


def test_the_table_names_every_fault():
    assert {on: set(seen) for on, seen in SEEN.items()} == {
        on: set(names) for on, names in ALLOWED.items()
    }


@pytest.fixture
def quick(stack, settings, monkeypatch):
    """Nobody waits for minutes; returns the emulator's controls."""
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    settings.SIGN_INS_PER_ADDRESS_MINUTE = 1000
    settings.SENDS_PER_PREFIX_HOUR = settings.SENDS_PER_ADDRESS_HOUR = 1000
    settings.SPENDING_LEAST = 1000
    monkeypatch.setattr(delivery, "RECONCILE_AFTER", 0.5)
    monkeypatch.setitem(rules.RETRIES, "email", replace(rules.RETRIES["email"], first=0.1))
    return stack


def line(client: Client, url: str) -> tuple[str, str]:
    """Status and words of the delivery line."""
    page = client.get(url).content.decode()
    status, rest = LINE.search(page).groups()
    # For the eye; the same sentence stands there again for readers.
    rest = re.sub(
        r'<span class="said">.*?</span>|<time.*?</time>|<ol.*?</ol>', "", rest, flags=re.S
    )
    words = html.unescape(re.sub(r"<[^>]*>", " ", rest.partition(">")[2]))
    return status, " ".join(words.split())


def all_come_to_see(waiting: Waiting, expected: dict[str, tuple[str, str]]) -> None:
    """Each line comes to stand as it should, in any order."""
    left = dict(waiting)
    seen: dict[str, tuple[str, str]] = {}

    def done() -> bool:
        for fault, (client, url) in list(left.items()):
            seen[fault] = line(client, url)
            status, words = expected[fault]
            if seen[fault][0] == status and words in seen[fault][1]:
                del left[fault]
        return not left

    try:
        wait_until(done, seconds=30)
    except AssertionError:
        pytest.fail("\n".join(f"{fault}: {seen[fault]}" for fault in left))


def number(place: int) -> str:
    return f"+141555502{place:02}"


def at_the_code_page(wire, on: str | None) -> Waiting:
    """For each fault ``on`` there is a person who waits for a text message."""
    waiting = {}
    for place, fault in enumerate(SEEN[on] if on else SEEN["calls"]):
        user = cast.person(f"person{place}", mobile=number(place))
        if on:
            wire.fault(on, fault, to=number(place), times=TIMES.get(fault, 1), ms=300)
        client = Client()
        waiting[fault] = client, cast.begin(client, user.username) + "status/"
    return waiting


@pytest.mark.parametrize("on", ["messages", "callbacks"])
def test_faults_of_text_messages_are_told(quick, on):
    waiting = at_the_code_page(quick, on)
    all_come_to_see(waiting, SEEN[on])
    for place, fault in enumerate(SEEN[on]):
        # Whatever happened: never a second message.
        assert len(quick.messages(number(place))) == (SEEN[on][fault] is not LOST)


def test_faults_of_calls_are_told(quick):
    waiting = at_the_code_page(quick, None)
    all_come_to_see(waiting, dict.fromkeys(waiting, ARRIVED))
    for place, (fault, (client, url)) in enumerate(waiting.items()):
        quick.fault("calls", fault, to=number(place), times=TIMES.get(fault, 1), ms=300)
        response = client.post(url.replace("/status/", "/resend/"), {"delivery": "voice"})
        assert response.status_code == 302
    all_come_to_see(waiting, SEEN["calls"])
    for place, fault in enumerate(SEEN["calls"]):
        assert len(quick.calls(number(place))) == (SEEN["calls"][fault] is not LOST)


def test_faults_of_lookups_keep_no_code_back(quick, sign_in, settings):
    settings.LOOKUP_TIMEOUT = 1
    waiting = {}
    for place, fault in enumerate(SEEN["lookups"]):
        client = sign_in(Client(), cast.person(f"person{place}", mobile=number(place)))
        quick.fault("lookups", fault, to=number(place), ms=300)
        asked = client.post(reverse("phones"), {"number": "+14155550177"})
        url = asked["Location"]
        assert client.post(url, {"password": cast.PASSWORD}).status_code == 302
        waiting[fault] = client, url
    all_come_to_see(waiting, SEEN["lookups"])
    assert quick.get("/control/faults")["faults"] == []


def test_faults_of_mail_are_told(quick, sign_in):
    waiting = {}
    for place, fault in enumerate(SEEN["smtp"]):
        user = cast.person(f"person{place}", mobile=number(place))
        client = sign_in(Client(), user)
        address = EmailAddress.objects.create(
            user=user, address=f"new{place}@example.org", created_at=timezone.now()
        )
        quick.fault("smtp", fault, to=address.address, ms=300)
        url = reverse("email_verify", args=[address.pk])
        assert client.post(url, {"delivery": "email"}).status_code == 302
        waiting[fault] = client, url
    all_come_to_see(waiting, SEEN["smtp"])
    for place in range(len(SEEN["smtp"])):
        assert len(quick.mails(f"new{place}@example.org")) <= 1
