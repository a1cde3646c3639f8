"""Somebody signed in, and how a sensitive request of theirs gets through."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django_otp.oath import totp

from accounts.users.models import User
from sls.methods.authenticator_app.models import AppDevice
from tests.cast import PASSWORD, SEED, app_device, code_for

SLS = "/settings/security/sls/"
PROOF = re.compile(r'<form[^>]*action="(/settings/[^"]+)"[^>]*>(.*?)</form>', re.S)


@pytest.fixture
def signed_in(client, alice, sign_in, clock) -> Client:
    """Alice's browser, a minute after she signed in, so that spacing does not matter."""
    sign_in(client, alice)
    clock.shift(61)
    return client


@pytest.fixture
def app(alice) -> AppDevice:
    """Alice's authenticator app."""
    return app_device(alice)


def app_code() -> str:
    """What the app of the cast shows now."""
    return f"{totp(SEED):06d}"


def way(client: Client, url: str, label: str) -> str | None:
    """The number of another way to prove it, by a part of its label."""
    page = client.get(url).content.decode()
    found = re.search(rf'name="way" value="(\d+)"[^>]*>[^<]*{label}', page)
    return found and found[1]


@pytest.fixture
def prove() -> Callable[..., HttpResponse]:
    """Proves a held request (its step-up address) by text message, and posts what the last page
    would post."""

    def run(client: Client, user: User, url: str) -> HttpResponse:
        assert client.post(url, {"password": PASSWORD}).status_code == 302
        sms = way(client, url, "Text message")
        if sms:
            assert client.post(f"{url}resend/", {"way": sms}).status_code == 302
        done = client.post(f"{url}answer/", {"code": code_for(user)})
        assert done.status_code == 302, done.content.decode()
        return confirm(client, done["Location"])

    return run


@pytest.fixture
def prove_by_app() -> Callable[..., HttpResponse]:
    """The same by the authenticator app."""

    def run(client: Client, user: User, url: str) -> HttpResponse:
        assert client.post(url, {"password": PASSWORD}).status_code == 302
        other = way(client, url, "Authenticator app")
        if other:
            assert client.post(f"{url}resend/", {"way": other}).status_code == 302
        done = client.post(f"{url}answer/", {"code": app_code()})
        assert done.status_code == 302, done.content.decode()
        return confirm(client, done["Location"])

    return run


def confirm(client: Client, url: str) -> HttpResponse:
    """Presses the button of the confirmation page."""
    path, inside = PROOF.search(client.get(url).content.decode()).groups()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', inside))
    fields.pop("csrfmiddlewaretoken", None)
    return client.post(path, fields)


def ask(client: Client, path: str, **fields: str) -> str:
    """Posts a sensitive request; returns the address of the proof that it needs."""
    response = client.post(path, fields)
    assert response.status_code == 302, response.content.decode()
    assert response["Location"].startswith("/step-up/"), response["Location"]
    return response["Location"]
