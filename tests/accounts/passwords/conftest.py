"""Alice at her browser, who has just proven that she may change her password."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.sessions.models import Session
from accounts.users.models import User
from tests.cast import PASSWORD, code_for

PAGE = "/settings/login/password/"
ADVICE = f"{PAGE}advice/"
NEW = "violet harbour tramway"


@pytest.fixture
def signed_in(client, alice, sign_in, clock) -> Client:
    """Alice's browser, a minute after she signed in, so that spacing does not matter."""
    sign_in(client, alice)
    clock.shift(61)
    return client


@pytest.fixture
def prove() -> Callable[[Client, User], None]:
    """Through the step-up: password, code, confirmation."""

    def run(client: Client, user: User) -> None:
        url = client.post(PAGE)["Location"]
        assert client.post(url, {"password": PASSWORD}).status_code == 302
        done = client.post(f"{url}answer/", {"code": code_for(user)})
        page = client.get(done["Location"]).content.decode()
        assert re.search(r"Change your password", page)
        assert client.post(PAGE)["Location"] == PAGE

    return run


@pytest.fixture
def proven(signed_in) -> Client:
    """Her browser, with the window open."""
    until = timezone.now() + timedelta(minutes=5)
    live = Session.objects.filter(ended_at=None)
    live.update(verified_action="password.change", verified_until=until)
    return signed_in
