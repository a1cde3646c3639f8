"""Relay: a code that somebody is talked into typing elsewhere never helps that other session.

What no method can hold by itself is said here too: a code that a person types into a fake page is
passed on at once by whoever made the page. Only a passkey answers one address and no other.
"""

from collections.abc import Callable

import pytest

from accounts.challenges.models import Challenge
from accounts.origin import Origin
from accounts.outbox.models import Channel, Message
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.login import flow
from sls.login.flow import Wish
from sls.login.models import Attempt
from sls.login.steps import Step
from sls.methods import registry
from sls.methods.device import Authenticator
from sls.methods.rules import Strength
from tests.cast import (
    PASSWORD,
    app_device,
    card_device,
    code_set,
    online_card,
    passcode,
    person,
)
from tests.passkey_authenticator import Passkey, enrolled
from tests.phones import stocked
from tests.sls.methods.test_contract import CASES, KEY, Case

pytestmark = pytest.mark.django_db(transaction=True)
OWNER, ATTACKER = Origin(address="203.0.113.7"), Origin(address="198.51.100.66")


def other_app(user: User) -> Authenticator:
    device = app_device(user)
    device.put_seed(b"a seed of another kind")
    device.save(update_fields=["seed"])
    return device


def other_codes(user: User) -> Authenticator:
    made = code_set(user)
    made.digests = bytes(len(made.digests))
    made.save(update_fields=["digests"])
    return made


def other_card(user: User) -> Authenticator:
    device = card_device(user, serial="DSC1000002")
    device.card.put_pin("1357")
    device.card.save(update_fields=["pin"])
    return device


# An authenticator of the same method whose secret is not that of the cast.
OTHERS: dict[str, Callable[[User], Authenticator]] = {
    "sms": CASES["sms"].enrol,
    "authenticator_app": other_app,
    "backup_codes": other_codes,
    "dsc_plus": other_card,
    "ib_key": lambda user: stocked(user).row(),
    "passkey": lambda user: enrolled(user, Passkey()),
    "online_card": lambda user: online_card(user, seed=b"a seed of another kind"),
    "temporary_passcode": lambda user: passcode(user, code="WXYZ6789"),
}
# What is made without a question opens any sign-in of its owner, once.
UNASKED = {"authenticator_app", "backup_codes"}


# What support gave for some days opens every sign-in of its owner in them (KB69).
STATIC = {"temporary_passcode"}


def test_covers_every_method():
    assert set(OTHERS) == set(CASES)


@pytest.fixture(params=list(CASES))
def case(request) -> Case:
    return CASES[request.param]


@pytest.fixture
def victim(transactional_db) -> User:
    return person("alice", mobile="+14155550101")


@pytest.fixture
def device(case, victim) -> Authenticator:
    return case.enrol(victim)


def begun(user: User, device: Authenticator, origin: Origin) -> Attempt:
    """A sign-in that waits for the answer of ``device``."""
    started = flow.begin(username=user.username, password=PASSWORD, origin=origin, wish=Wish())
    attempt = flow.find(started.token)
    if attempt.challenge is None:
        assert flow.choose(attempt, device=device.persistent_id, origin=origin) is None
    assert attempt.challenge.device == device.persistent_id
    return attempt


def answered(attempt: Attempt, text: str, origin: Origin) -> Step:
    found = Attempt.objects.select_related("user", "challenge").get(pk=attempt.pk)
    return flow.answer(found, text=text, origin=origin)


def is_untouched(challenge: Challenge, device: Authenticator) -> bool:
    device.refresh_from_db()
    now = Challenge.objects.get(pk=challenge.pk)
    return device.failures == 0 and (now.used_at, now.tries_left) == (None, challenge.tries_left)


def test_a_code_does_nothing_in_the_attackers_own_sign_in(case, victim, device):
    mallory = person("mallory", mobile="+14155550199")
    hers = begun(victim, device, OWNER)
    his = begun(mallory, OTHERS[case.method.code](mallory), ATTACKER)
    code = case.right(hers.challenge)
    assert answered(his, code, ATTACKER).kind == "ask_answer"
    assert not Session.objects.exists()
    assert is_untouched(hers.challenge, device)
    assert answered(hers, code, OWNER).kind == "done"


def test_a_code_does_nothing_in_a_sign_in_that_another_began_in_her_name(case, victim, device):
    if case.method.code in STATIC:
        return opens_her_sign_ins(case, victim, device)
    if case.method.code in UNASKED:
        return opens_one_sign_in_only(case, victim, device)
    # Hers is the newer one: of a card only the newest challenge lives.
    his, hers = begun(victim, device, ATTACKER), begun(victim, device, OWNER)
    code = case.right(hers.challenge)
    assert answered(his, code, ATTACKER).kind == "ask_answer"
    assert not Session.objects.exists()
    assert Challenge.objects.get(pk=hers.challenge.pk).used_at is None
    assert answered(hers, code, OWNER).kind == "done"
    return None


def opens_her_sign_ins(case, victim, device) -> None:
    """It is worth no more than a telephone, and every sign-in by it is told."""
    assert case.method.strength <= Strength.TELEPHONE
    his = begun(victim, device, ATTACKER)
    assert answered(his, case.right(his.challenge), ATTACKER).kind == "done"
    mails = Message.objects.filter(user=victim, channel=Channel.EMAIL)
    assert mails.filter(name="new_device_sign_in").exists()


def opens_one_sign_in_only(case, victim, device) -> None:
    """Nothing tells such a code whose sign-in it is for: it is worth less, and works once."""
    assert case.method.strength < Strength.PHISHING_RESISTANT
    hers, his = begun(victim, device, OWNER), begun(victim, device, ATTACKER)
    code = case.right(hers.challenge)
    kinds = [answered(his, code, ATTACKER).kind, answered(hers, code, OWNER).kind]
    assert kinds == ["done", "ask_answer"]
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    "told",
    [
        {"origin": "https://portal-example.com"},
        {"origin": "http://localhost.evil.example:8000"},
        {"crossOrigin": True},
    ],
)
def test_what_resists_a_fake_page_answers_it_for_nothing(victim, told):
    """The fake page passes on the true question of a sign-in that it began."""
    device = enrolled(victim, KEY)
    his = begun(victim, device, ATTACKER)
    answer = KEY.answer(his.challenge.question, **told)
    assert answered(his, answer, ATTACKER).kind == "ask_answer"
    assert not Session.objects.exists()


def test_only_what_resists_a_fake_page_is_called_so():
    resists = {
        method.code for method in registry.METHODS if method.strength >= Strength.PHISHING_RESISTANT
    }
    assert resists == {"passkey"}
    assert all(str(method.risk) for method in registry.METHODS)
