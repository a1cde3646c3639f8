"""Somebody signed in, and how a sensitive request of theirs gets through."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django_otp.oath import totp

from accounts.challenges.models import Challenge, Purpose
from accounts.users.models import User
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.device import Authenticator, row_id
from tests.cast import PASSWORD, app_device, begin

SLS = "/settings/security/sls/"
_FORM = re.compile(r'<form[^>]*action="(/settings/[^"]+)"[^>]*>(.*?)</form>', re.S)
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@pytest.fixture
def signed_in(client, alice, sign_in, clock) -> Client:
    """Alice's browser, a minute after she signed in, so that spacing does not matter."""
    sign_in(client, alice)
    clock.shift(61)
    return client


@pytest.fixture
def app(alice) -> AppDevice:
    """Alice's authenticator app."""
    return app_device(alice, "Pixel 9")


@pytest.fixture
def spare(alice) -> AppDevice:
    """Another one."""
    return app_device(alice, "iPad")


@pytest.fixture
def sign_in_by(clock) -> Callable[[Client, User, Authenticator], Client]:
    """Signs in by one of several authenticators."""

    def run(client: Client, user: User, device: Authenticator) -> Client:
        url = begin(client, user.username)
        client.post(f"{url}method/", {"device": device.persistent_id})
        clock.shift(31)
        challenge = Challenge.objects.filter(user=user).latest("created_at")
        assert client.post(f"{url}answer/", {"code": right(challenge)}).status_code == 302
        clock.shift(61)
        return client

    return run


@pytest.fixture
def prove(clock) -> Callable[..., HttpResponse]:
    """Asks for something sensitive, proves it (by ``by``, if that is not asked for at once), and
    confirms. Returns the answer to the request itself."""

    def run(client: Client, path: str, *, by: Authenticator | None = None) -> HttpResponse:
        url = ask(client, path)
        assert client.post(url, {"password": PASSWORD}).status_code == 302
        if by is not None:
            _switch(client, url, by)
        clock.shift(31)
        challenge = Challenge.objects.filter(purpose=Purpose.STEP_UP).latest("created_at")
        done = client.post(f"{url}answer/", {"code": right(challenge)})
        assert done.status_code == 302, done.content.decode()
        return confirm(client, done["Location"])

    return run


def ask(client: Client, path: str) -> str:
    """Posts a sensitive request; returns the address of the proof that it needs."""
    response = client.post(path)
    assert response.status_code == 302, response.content.decode()
    assert response["Location"].startswith("/step-up/"), response["Location"]
    return response["Location"]


def _switch(client: Client, url: str, device: Authenticator) -> None:
    if Challenge.objects.latest("created_at").device == device.persistent_id:
        return
    page = client.get(url).content.decode()
    number = re.search(rf'name="way" value="(\d+)"[^>]*>[^<]*{re.escape(device.name)}', page)[1]
    assert client.post(f"{url}resend/", {"way": number}).status_code == 302
    assert Challenge.objects.latest("created_at").device == device.persistent_id


def confirm(client: Client, url: str) -> HttpResponse:
    """Presses the button of the confirmation page."""
    path, inside = _FORM.search(client.get(url).content.decode()).groups()
    fields = dict(_HIDDEN.findall(inside))
    fields.pop("csrfmiddlewaretoken", None)
    return client.post(path, fields)


def right(challenge: Challenge) -> str:
    """The right answer."""
    if challenge.method == "sms":
        return challenge.code()
    return app_code(AppDevice.objects.get(pk=row_id(challenge.device)))


def app_code(device: AppDevice) -> str:
    """What the app shows now."""
    return f"{totp(device.open_seed()):06d}"


def other_than(code: str) -> str:
    """A wrong code."""
    return f"{(int(code) + 500_000) % 1_000_000:06d}"


def page_of(device: AppDevice, what: str = "") -> str:
    """The address of an authenticator, or of something that is done to it."""
    return f"{SLS}authenticator_app/{device.pk}/{what}"
