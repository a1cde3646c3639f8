from collections.abc import Callable

import pytest

from accounts.origin import Origin
from accounts.outbox.hooks import rules, services
from accounts.outbox.hooks.services import Made

WHY = {"reason": "The risk desk wants to know", "ticket": "SEC-77"}
ORIGIN = Origin(platform="console", actor="staff:uma")
URL = "https://hooks.broker.example/portal"


@pytest.fixture
def added(db) -> Callable[..., Made]:
    """Adds an endpoint that takes everything; what differs may be named."""

    def add(url: str = URL, types=rules.TYPES) -> Made:
        return services.add(url=url, types=types, origin=ORIGIN, **WHY)

    return add
