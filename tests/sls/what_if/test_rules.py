"""What a loss takes, and the one advice."""

import pytest

from sls.what_if.rules import Advice, Device, Loss, State, advice, after, matrix, opens

SMS = Device("sms/1", "sms", "sim")
APP = Device("app/1", "app", "phone")
BOUND = Device("key/1", "key", "computer")
SYNCED = Device("key/2", "key", "cloud")
CODES = Device("codes/1", "codes", "paper")
METHODS = ["key", "app", "codes", "sms"]
PLACES = {"key": "cloud", "app": "phone", "codes": "paper", "sms": "sim"}


def state(devices: list[Device], loss: Loss, method: str) -> State:
    row = next(row for row in matrix(devices, methods=METHODS, active=True) if row.loss is loss)
    return next(cell.state for cell in row.cells if cell.method == method)


def advised(*devices: Device, places: dict[str, str] = PLACES) -> Advice | None:
    return advice(devices, places=places, active=True)


@pytest.mark.parametrize(
    ("loss", "gone"),
    [
        (Loss.PHONE, {SMS, APP}),
        (Loss.SIM, {SMS}),
        (Loss.COMPUTER, {BOUND}),
        (Loss.CODES, {CODES}),
        (Loss.EMAIL, set()),
    ],
)
def test_takes_what_lives_there(loss, gone):
    everything = [SMS, APP, BOUND, SYNCED, CODES]
    assert set(everything) - set(after(loss, everything)) == gone


def test_has_a_row_for_every_loss_and_a_cell_for_every_method():
    rows = matrix([SMS], methods=METHODS, active=True)
    assert [row.loss for row in rows] == list(Loss)
    assert all([cell.method for cell in row.cells] == METHODS for row in rows)


def test_tells_lost_from_never_held():
    assert state([SMS], Loss.PHONE, "sms") is State.LOST
    assert state([SMS], Loss.PHONE, "app") is State.ABSENT
    assert state([SMS], Loss.CODES, "sms") is State.OPENS


def test_counts_what_is_left_of_several():
    row = matrix([BOUND, SYNCED], methods=["key"], active=True)[list(Loss).index(Loss.COMPUTER)]
    assert (row.cells[0].left, row.cells[0].of) == (1, 2)
    assert row.opens == ["key/2"]


def test_follows_the_decision_of_the_sign_in():
    assert opens([SMS, APP], active=True) == ["sms/1", "app/1"]
    assert opens([SMS], active=True) == ["sms/1"]
    assert opens([], active=True) == []
    assert opens([SMS, APP], active=False) == []


def test_who_loses_nothing_is_advised_nothing():
    assert advised(SYNCED) is None
    assert advised(SMS, CODES) is None


def test_the_worst_loss_gets_the_one_advice():
    assert advised(SMS) == Advice(Loss.PHONE, "key")
    assert advised(BOUND) == Advice(Loss.COMPUTER, "app")
    assert advised(SMS, APP) == Advice(Loss.PHONE, "key")


def test_advises_what_helps_and_is_not_held_yet():
    assert advised(BOUND, places={"key": "cloud", "codes": "paper"}).method == "codes"
    assert advised(SMS, places={"app": "phone", "codes": "paper"}).method == "codes"


def test_says_when_nothing_helps():
    assert advised(SMS, places={"app": "phone", "sms": "sim"}) == Advice(Loss.PHONE, "")
