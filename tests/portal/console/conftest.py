import pytest
from django.test import Client
from django_otp.oath import totp

from accounts.users.models import User
from tests.cast import SEED, begin


def signed_in(user: User) -> Client:
    """``user`` of staff at the console, by their authenticator app."""
    client = Client()
    url = begin(client, user.username)
    assert client.post(f"{url}answer/", {"code": f"{totp(SEED):06d}"}).status_code == 302
    return client


@pytest.fixture
def agent(sam) -> Client:
    """Sam, a support agent."""
    return signed_in(sam)


@pytest.fixture
def lead(tess) -> Client:
    """Tess, a support lead."""
    return signed_in(tess)


@pytest.fixture
def officer(uma) -> Client:
    """Uma, a security officer."""
    return signed_in(uma)
