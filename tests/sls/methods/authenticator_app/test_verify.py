"""Codes of an app whose clock is right, is off, or drifts."""

import time

import pytest
from django_otp.oath import hotp

from accounts.challenges.rules import Outcome
from tests.cast import SEED, app_device, person

pytestmark = pytest.mark.django_db(transaction=True)
DAY = 86_400


@pytest.fixture
def device():
    return app_device(person("alice", mobile="+14155550101"))


def code(off: int = 0) -> str:
    """What an app shows whose clock is ``off`` steps ahead."""
    return f"{hotp(SEED, int(time.time()) // 30 + off):06d}"


@pytest.mark.parametrize(
    ("off", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_takes_the_step_and_its_neighbours(device, answer, clock, off, right):
    assert answer(device, code(off)).is_ok is right


def test_takes_the_three_steps_one_after_another(device, answer, clock):
    assert all(answer(device, code(off)).is_ok for off in (-1, 0, 1))


def test_says_of_a_code_that_it_was_used_and_counts_it(device, answer, clock):
    assert answer(device, code()).is_ok
    again = answer(device, code())
    assert (again.outcome, again.evaluated, again.tries_left) == (Outcome.USED, True, 4)
    device.refresh_from_db()
    assert device.failures == 1


def test_takes_no_step_before_the_last_one(device, answer, clock):
    assert answer(device, code()).is_ok
    assert answer(device, code(-1)).outcome is Outcome.USED


def test_a_code_typed_late_moves_nothing(device, answer, clock):
    assert answer(device, code(-1)).is_ok
    clock.shift(DAY)
    assert answer(device, code(1)).is_ok
    device.refresh_from_db()
    assert device.drift == 0


def test_follows_a_clock_that_goes_slow(device, answer, clock):
    for off in (-1, -1, -2, -2, -3, -3):
        assert answer(device, code(off)).is_ok
        clock.shift(DAY)
    device.refresh_from_db()
    assert device.drift == -3
    assert not answer(device, code(0)).is_ok


def test_follows_it_back_again(device, answer, clock):
    for off in (1, 1, 0, 0, -1, -1):
        assert answer(device, code(off)).is_ok
        clock.shift(DAY)
    device.refresh_from_db()
    assert device.drift == -1


def test_follows_no_clock_further_than_ten_steps(device, answer, clock):
    device.drift = 10
    device.save()
    for _ in range(3):
        assert answer(device, code(11)).is_ok
        clock.shift(DAY)
    device.refresh_from_db()
    assert device.drift == 10
    assert not answer(device, code(12)).is_ok


def test_a_wrong_code_moves_nothing(device, answer, clock):
    assert answer(device, code(1)).is_ok
    clock.shift(DAY)
    assert not answer(device, code(5)).is_ok
    device.refresh_from_db()
    assert device.drift == 0
