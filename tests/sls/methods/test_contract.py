"""What every second-factor method promises. A new method adds its factory here and passes."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from django_otp.oath import totp

from accounts.audit import services as audit
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Outcome
from accounts.origin import Origin
from accounts.users.models import User
from accounts.vault import CannotOpen
from sls.methods import registry
from sls.methods.device import Authenticator
from sls.methods.protocol import Method
from tests import phones
from tests.cast import (
    PASSCODE,
    SEED,
    app_device,
    card_device,
    code_set,
    online_card,
    passcode,
    person,
    response,
    unused_code,
    values,
)
from tests.passkey_authenticator import Passkey, enrolled

ORIGIN = Origin(address="203.0.113.7")


def other_character(right: str) -> str:
    """As long as ``right`` and of the same characters."""
    other = "34" if right.isdigit() else "YZ"
    return right[:-1] + other[right[-1] == other[0]]


def other_counter(right: str) -> str:
    credential = json.loads(right)
    data = credential["response"]["authenticatorData"]
    credential["response"]["authenticatorData"] = data[:-1] + ("A" if data[-1] != "A" else "Q")
    return json.dumps(credential)


@dataclass(frozen=True)
class Case:
    """How to get an authenticator of a method, its right answer, a wrong one made of it, and how
    often it may be wrong: in a row, and in one challenge."""

    method: Method
    enrol: Callable[[User], Authenticator]
    right: Callable[[Challenge], str]
    allowed: int = 20
    wrong: Callable[[str], str] = other_character
    tries: int = 5


KEY = Passkey(step=0)
CASES = {
    "sms": Case(
        registry.get("sms"),
        lambda user: user.phonenumbers.get().devices.get(),
        lambda challenge: challenge.code(),
    ),
    "authenticator_app": Case(
        registry.get("authenticator_app"), app_device, lambda challenge: f"{totp(SEED):06d}"
    ),
    "passkey": Case(
        registry.get("passkey"),
        lambda user: enrolled(user, KEY),
        lambda challenge: KEY.answer(challenge.question),
        10,
        other_counter,
    ),
    "backup_codes": Case(
        registry.get("backup_codes"), code_set, lambda challenge: unused_code(challenge.user), 10
    ),
    "ib_key": Case(
        registry.get("ib_key"),
        lambda user: phones.stocked(user).row(),
        lambda challenge: phones.OF_USER[challenge.user_id].respond(challenge.question),
        10,
    ),
    "online_card": Case(registry.get("online_card"), online_card, values, 10),
    "temporary_passcode": Case(
        registry.get("temporary_passcode"), passcode, lambda challenge: PASSCODE, 10
    ),
    "dsc_plus": Case(registry.get("dsc_plus"), card_device, response, 10, tries=3),
}
RACERS = 50
postgres = pytest.mark.skipif("config.getoption('--db') == 'sqlite'", reason="one writer only")


def test_covers_every_method():
    assert set(CASES) == {method.code for method in registry.METHODS}


@pytest.fixture(params=list(CASES))
def case(request) -> Case:
    return CASES[request.param]


@pytest.fixture
def user(transactional_db) -> User:
    return person("alice", mobile="+14155550101")


@pytest.fixture
def device(case, user) -> Authenticator:
    return case.enrol(user)


def open_challenge(case, user, device, bound_to="a" * 64) -> Challenge:
    with transaction.atomic():
        row = next(r for r in registry.devices(user.pk) if r.id == device.persistent_id)
        return case.method.challenge(
            row, user=audit.lock(user.pk), purpose=Purpose.SIGN_IN, bound_to=bound_to, origin=ORIGIN
        )


def verify(case, challenge, digits):
    found = Challenge.objects.get(pk=challenge.pk)
    return case.method.verify(found, digits, origin=ORIGIN).outcome


def test_accepts_the_right_answer_once(case, user, device):
    challenge = open_challenge(case, user, device)
    right = case.right(challenge)
    assert verify(case, challenge, right) is Outcome.OK
    assert verify(case, challenge, right) is Outcome.USED


def test_refuses_a_right_answer_after_the_end(case, user, device):
    challenge = open_challenge(case, user, device)
    right = case.right(challenge)
    Challenge.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert verify(case, challenge, right) is Outcome.EXPIRED


def test_refuses_a_right_answer_to_a_cancelled_challenge(case, user, device):
    challenge = open_challenge(case, user, device)
    right = case.right(challenge)
    Challenge.objects.update(cancelled_at=timezone.now())
    assert verify(case, challenge, right) is Outcome.EXPIRED


def test_counts_wrong_answers_and_then_evaluates_no_more(case, user, device):
    challenge = open_challenge(case, user, device)
    right = case.right(challenge)
    outcomes = [verify(case, challenge, case.wrong(right)) for _ in range(case.tries)]
    assert outcomes == [Outcome.WRONG] * (case.tries - 1) + [Outcome.NO_TRIES]
    assert verify(case, challenge, right) is Outcome.NO_TRIES
    device.refresh_from_db()
    assert device.failures == case.tries


def test_counts_over_challenges_until_the_authenticator_is_disabled(case, user, device):
    outcomes = []
    while len(outcomes) < case.allowed:
        challenge = open_challenge(case, user, device)
        answer = case.wrong(case.right(challenge))
        tries = min(case.tries, case.allowed - len(outcomes))
        outcomes += [verify(case, challenge, answer) for _ in range(tries)]
    assert outcomes.index(Outcome.DISABLED) == case.allowed - 1
    assert not case.method.devices(user.pk).exists()


def test_resets_the_count_only_by_a_right_answer(case, user, device):
    challenge = open_challenge(case, user, device)
    right = case.right(challenge)
    verify(case, challenge, case.wrong(right))
    again = open_challenge(case, user, device, bound_to="b" * 64)
    device.refresh_from_db()
    assert device.failures == 1
    verify(case, again, case.right(again))
    device.refresh_from_db()
    assert device.failures == 0


def test_refuses_a_revoked_authenticator_also_in_an_open_challenge(case, user, device):
    challenge = open_challenge(case, user, device)
    right = case.right(challenge)
    with transaction.atomic():
        row = audit.lock(user.pk)
        case.method.revoke(device, user=row, origin=ORIGIN, why="test")
    assert verify(case, challenge, right) is Outcome.DISABLED
    device.refresh_from_db()
    assert not device.confirmed
    assert not case.method.devices(user.pk).exists()


def test_never_judges_an_authenticator_of_somebody_else(case, user, device):
    other = person("mallory", mobile="+14155550199")
    challenge = open_challenge(case, user, device)
    right = case.right(challenge)
    Challenge.objects.update(user=other)
    with pytest.raises(type(device).DoesNotExist):
        verify(case, challenge, right)


def test_refuses_to_count_inside_a_transaction(case, user, device):
    challenge = open_challenge(case, user, device)
    with pytest.raises(RuntimeError), transaction.atomic():
        verify(case, challenge, "000000")


def test_erases_the_code_when_it_is_used(case, user, device):
    challenge = open_challenge(case, user, device)
    verify(case, challenge, case.right(challenge))
    with pytest.raises(CannotOpen):
        Challenge.objects.get(pk=challenge.pk).code()


def race(case, challenge, answers):
    def run(digits):
        try:
            return verify(case, challenge, digits)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(answers)) as pool:
        return list(pool.map(run, answers))


@postgres
def test_a1_of_fifty_simultaneous_right_answers_one_succeeds(case, user, device):
    challenge = open_challenge(case, user, device)
    outcomes = race(case, challenge, [case.right(challenge)] * RACERS)
    assert outcomes.count(Outcome.OK) == 1
    assert set(outcomes) == {Outcome.OK, Outcome.USED}


@postgres
def test_a2_of_fifty_simultaneous_wrong_answers_few_are_evaluated(case, user, device):
    challenge = open_challenge(case, user, device)
    outcomes = race(case, challenge, [case.wrong(case.right(challenge))] * RACERS)
    assert outcomes.count(Outcome.WRONG) == case.tries - 1
    assert outcomes.count(Outcome.NO_TRIES) == RACERS - case.tries + 1
    device.refresh_from_db()
    assert device.failures == case.tries


@postgres
def test_a1_of_one_right_among_wrong_answers_the_count_stays_consistent(case, user, device):
    challenge = open_challenge(case, user, device)
    right = case.right(challenge)
    outcomes = race(case, challenge, [right] + [case.wrong(right)] * (RACERS - 1))
    evaluated = [o for o in outcomes if o in (Outcome.OK, Outcome.WRONG)]
    assert len(evaluated) <= case.tries
    assert outcomes.count(Outcome.OK) <= 1
    assert connection.vendor == "postgresql"
