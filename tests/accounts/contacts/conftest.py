"""Somebody signed in, and step-ups already proven: what lies behind the mark is tested here."""

import pytest
from django.test import Client

from sls.step_up import services


@pytest.fixture
def signed_in(client, alice, sign_in, clock) -> Client:
    """Alice's browser, some minutes after she signed in, so that spacing does not matter."""
    sign_in(client, alice)
    clock.shift(301)
    return client


@pytest.fixture
def proven(monkeypatch) -> None:
    """Every sensitive request has its grant."""
    monkeypatch.setattr(services, "take_grant", lambda **_request: services.Grant(""))
