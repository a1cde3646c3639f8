"""A passkey of Alice, one that she is making, and how either is judged: for all tests."""

import re
from dataclasses import dataclass

import pytest
from django.db import transaction

from accounts.audit import services as audit
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Verdict
from accounts.origin import Origin
from accounts.users.models import User
from sls.methods import registry
from sls.methods.passkey.models import PasskeyDevice
from tests.passkey_authenticator import Passkey, enrolled

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36"
ORIGIN = Origin(address="203.0.113.7", agent=CHROME)
METHOD = registry.get("passkey")
SLS = "/settings/security/sls/"


@pytest.fixture
def passkey() -> Passkey:
    """An authenticator with a key of its own."""
    return Passkey()


@pytest.fixture
def hers(alice, passkey) -> PasskeyDevice:
    """Alice's, enrolled."""
    return enrolled(alice, passkey)


@dataclass(frozen=True)
class Judge:
    """``says`` reads and judges an answer as every flow does."""

    challenge: Challenge

    @property
    def question(self) -> str:
        return self.challenge.question

    def says(self, text: str) -> Verdict | str:
        challenge = Challenge.objects.get(pk=self.challenge.pk)
        read = METHOD.read(text, challenge)
        if read.problem:
            return read.problem.code
        return METHOD.verify(challenge, read.answer, origin=ORIGIN)


@pytest.fixture
def asked(alice, hers) -> Judge:
    """Alice's passkey is asked."""
    return ask(alice, hers)


def ask(user: User, device: PasskeyDevice) -> Judge:
    with transaction.atomic():
        row = next(r for r in registry.devices(user.pk) if r.id == device.persistent_id)
        return Judge(
            METHOD.challenge(
                row,
                user=audit.lock(user.pk),
                purpose=Purpose.SIGN_IN,
                bound_to="a" * 64,
                origin=ORIGIN,
            )
        )


@pytest.fixture
def making(alice) -> Judge:
    """Alice makes a passkey."""
    return make(alice)


def make(user: User, bound_to: str = "b" * 64) -> Judge:
    with transaction.atomic():
        begun = METHOD.enrol(user=audit.lock(user.pk), origin=ORIGIN, bound_to=bound_to)
    return Judge(begun.challenge)


def options_in(page: str) -> str:
    """The options that a page holds for its script."""
    return re.search(r'data-options="([^"]*)"', page)[1].replace("&quot;", '"')
