"""Policies, as an operator makes them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.origin import SYSTEM
from sls.policy import services
from sls.policy.models import Policy
from sls.policy.services import Subject


@pytest.fixture
def make(db) -> Callable[..., Policy]:
    """``make(role="staff", days=20)``: a policy that begins in so many days; without, at once."""

    def run(*, days: int = 0, **subject) -> Policy:
        return services.make(
            subject=Subject(**subject),
            begins=today() + timedelta(days=days) if days else services.today_everywhere(),
            reason="ticket 4711",
            at_once=not days,
            origin=SYSTEM,
            actor="staff:test",
        )

    return run


def today() -> date:
    return timezone.now().date()
