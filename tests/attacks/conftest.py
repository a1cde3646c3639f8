"""Where an attacker already stands: somebody's session, a half-open account."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from django.test import Client

from accounts.challenges.models import Challenge
from accounts.contacts.models import PhoneNumber
from accounts.origin import SYSTEM
from accounts.users.models import User
from sls.enrolment.services import Opening, open_account
from tests import nginx, programs
from tests.attacks.tools import NEW_PHONE, PHONES
from tests.cast import PASSWORD, code_for


class Fronts(NamedTuple):
    """Ports of the same portal: alone, and behind nginx."""

    direct: int
    nginx: int


@pytest.fixture(scope="session")
def fronts(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Fronts]:
    """The portal as a server of its own, on the database of the tests. Whoever does not connect
    from 127.0.0.1 is no proxy."""
    folder = tmp_path_factory.mktemp("fronts")
    with (
        django_db_blocker.unblock(),
        nginx.portal(folder) as direct,
        nginx.proxy(folder, upstream=direct) as proxied,
    ):
        yield Fronts(direct, proxied)


@pytest.fixture
def signed_in(client, alice, sign_in, clock) -> Client:
    """Alice's browser, a minute after she signed in, so that spacing does not matter."""
    sign_in(client, alice)
    clock.shift(61)
    return client


@pytest.fixture
def nina(db) -> User:
    """Opened, not activated."""
    opening = Opening("nina", "Nina Rossi", "nina@example.com", "+14155550111", "U2000001", "en")
    return open_account(opening=opening, origin=SYSTEM, actor="staff:command")


@pytest.fixture
def activation_code(nina) -> str:
    """What the mail says."""
    return Challenge.objects.get(user=nina).code()


@pytest.fixture
def ask_to_add() -> Callable[..., str]:
    """Asks to add a number; returns the address of the step-up that this needs."""

    def run(client: Client, number: str = NEW_PHONE) -> str:
        response = client.post(PHONES, {"number": number})
        assert response.status_code == 302, response.content.decode()
        assert response["Location"].startswith("/step-up/")
        return response["Location"]

    return run


@pytest.fixture
def granted(ask_to_add) -> Callable[..., Callable[[Client], object]]:
    """Proves the adding of a number; returns how to post what the last page would post."""

    def run(client: Client, user: User, number: str = NEW_PHONE) -> Callable[[Client], object]:
        url = ask_to_add(client, number)
        assert client.post(url, {"password": PASSWORD}).status_code == 302
        response = client.post(f"{url}answer/", {"code": code_for(user)})
        assert response.status_code == 302, response.content.decode()
        page = client.get(response["Location"]).content.decode()
        form = next(f for f in re.findall(r"<form.*?</form>", page, re.S) if PHONES in f)
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
        fields.pop("csrfmiddlewaretoken", None)
        return lambda tab: tab.post(PHONES, fields)

    return run


@pytest.fixture
def added(signed_in, alice, granted, clock) -> str:
    """The page on which a new, unverified number of Alice is verified; a code was sent to it."""
    assert granted(signed_in, alice)(signed_in).status_code == 302
    phone = PhoneNumber.objects.get(number=NEW_PHONE)
    clock.shift(61)
    url = f"{PHONES}{phone.pk}/verify/"
    assert signed_in.post(url, {"delivery": "sms"}).status_code == 302
    return url


@pytest.fixture
def api_token() -> Callable[[User], str]:
    """Issues a token that may do everything; returns its text."""

    def run(user: User) -> str:
        return programs.issue(user).text

    return run
