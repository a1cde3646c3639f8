"""Alice at her browser, with or without a card, and how a sensitive request gets through."""

import html
import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.challenges.models import Challenge
from accounts.origin import SYSTEM
from sls.methods.dsc_plus import stock
from sls.methods.dsc_plus.models import CardDevice
from tests.cast import PASSWORD, begin, card_device, code_for, in_stock, response

ADDRESS = "Alice Example\n1 Harbour Street\nSan Francisco, CA 94111\nUnited States"
CARD = "/settings/security/card/"
REQUEST = f"{CARD}request/"
_FORM = re.compile(r'<form[^>]*action="(/settings/[^"]+)"[^>]*>(.*?)</form>', re.S)
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@pytest.fixture
def signed_in(client, alice, sign_in, clock) -> Client:
    """Alice's browser, a minute after she signed in, so that spacing does not matter."""
    sign_in(client, alice)
    clock.shift(61)
    return client


@pytest.fixture
def card(alice) -> CardDevice:
    """Alice's active card."""
    return card_device(alice)


@pytest.fixture
def holder(card, client, alice, clock) -> Client:
    """Alice's browser; she has a card, and signed in by text message."""
    url = begin(client, "alice")
    phone = alice.phonenumbers.get().devices.get()
    client.post(f"{url}method/", {"device": phone.persistent_id})
    assert client.post(f"{url}answer/", {"code": code_for(alice)}).status_code == 302
    clock.shift(61)
    return client


@pytest.fixture
def prove(clock) -> Callable[..., HttpResponse]:
    """Asks for something sensitive, proves it by whatever is asked for, and confirms."""

    def run(client: Client, path: str, **fields: str) -> HttpResponse:
        asked = client.post(path, fields)
        assert asked["Location"].startswith("/step-up/"), asked["Location"]
        url = asked["Location"]
        assert client.post(url, {"password": PASSWORD}).status_code == 302
        challenge = newest()
        code = challenge.code() if challenge.method == "sms" else response(challenge)
        done = client.post(f"{url}answer/", {"code": code})
        assert done.status_code == 302, done.content.decode()
        page = client.get(done["Location"]).content.decode()
        path, inside = _FORM.search(page).groups()
        confirmed = dict(_HIDDEN.findall(inside))
        confirmed.pop("csrfmiddlewaretoken", None)
        clock.shift(61)
        return client.post(path, confirmed)

    return run


def newest() -> Challenge:
    return Challenge.objects.latest("created_at")


def text(answer: HttpResponse) -> str:
    """The page in one line, as it is read."""
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", answer.content.decode())).split())


def draft(client: Client, *, pin: str = "7306", address: str = ADDRESS, **more: str) -> None:
    """The pages of a request up to the summary."""
    steps = [
        (REQUEST, {"address": address, **more}),
        (f"{REQUEST}pin/", {"pin": pin, "pin_again": pin}),
        (f"{REQUEST}account/", {"account": "U1000001"}),
    ]
    for path, fields in steps:
        answer = client.post(path, fields)
        assert answer.status_code == 302, text(answer)


def version(client: Client) -> str:
    """What the summary would confirm."""
    page = client.get(f"{REQUEST}summary/").content.decode()
    return re.search(r'name="version" value="(\w+)"', page)[1]


def ship(user, serial: str = "DSC1000002") -> CardDevice:
    """A card with the cast's seed leaves the stock."""
    in_stock(serial)
    return stock.ship(serial=serial, user=user, origin=SYSTEM, actor="staff:command")
