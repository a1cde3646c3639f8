"""Somebody signed in, and the way through a step-up."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.users.models import User
from tests.cast import PASSWORD, code_for


@pytest.fixture
def signed_in(client, alice, sign_in, clock) -> Client:
    """Alice's browser, a minute after she signed in, so that spacing does not matter."""
    sign_in(client, alice)
    clock.shift(61)
    return client


@pytest.fixture
def prove() -> Callable[[Client, User, str], str]:
    """Password and code for a pending request; returns the address of its confirmation page."""

    def run(client: Client, user: User, url: str) -> str:
        response = client.post(url, {"password": PASSWORD})
        assert response.status_code == 302, response.content.decode()
        response = client.post(f"{url}answer/", {"code": code_for(user)})
        assert response.status_code == 302, response.content.decode()
        return response["Location"]

    return run
