"""Challenges and answers without pages around them."""

from collections.abc import Callable

import pytest
from django.db import transaction

from accounts.audit import services as audit
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Verdict
from accounts.origin import Origin
from sls.methods import registry
from sls.methods.device import Authenticator

ORIGIN = Origin(address="203.0.113.7")


@pytest.fixture
def ask() -> Callable[[Authenticator], Challenge]:
    """Opens a challenge for an authenticator."""

    def run(
        device: Authenticator, bound_to: str = "a" * 64, purpose: Purpose = Purpose.SIGN_IN
    ) -> Challenge:
        with transaction.atomic():
            rows = registry.devices(device.user_id)
            row = next(row for row in rows if row.id == device.persistent_id)
            return registry.get(row.method).challenge(
                row,
                user=audit.lock(device.user_id),
                purpose=purpose,
                bound_to=bound_to,
                origin=ORIGIN,
            )

    return run


@pytest.fixture
def answer(ask) -> Callable[[Authenticator, str], Verdict]:
    """Answers a challenge of its own with what was typed."""

    def run(device: Authenticator, text: str) -> Verdict:
        challenge = ask(device)
        method = registry.get(challenge.method)
        read = method.read(text, challenge)
        assert read.problem is None, read.problem
        return method.verify(challenge, read.answer, origin=ORIGIN)

    return run
