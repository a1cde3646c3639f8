"""Everything is stopped for Alice, who holds an authenticator app."""

import pytest
from django.test import Client

from accounts.freeze.models import Freeze
from accounts.users.models import User
from sls.methods.authenticator_app.models import AppDevice
from tests.accounts.freeze.test_services import stop
from tests.cast import app_device
from tests.sls.incident.ways import enter


@pytest.fixture
def app(alice) -> AppDevice:
    return app_device(alice, "Work phone", at=alice.activated_at)


@pytest.fixture
def frozen(alice, app, clock) -> User:
    clock.shift(60)
    stop(alice)
    alice.refresh_from_db()
    return alice


@pytest.fixture
def freeze(frozen) -> Freeze:
    return Freeze.objects.get()


@pytest.fixture
def inside(client, frozen) -> Client:
    """Her browser, on the way back."""
    return enter(client)
