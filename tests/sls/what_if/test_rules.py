"""What a loss takes, and the one advice."""

import pytest

from sls.login.rules import Way
from sls.methods.rules import Place, Strength
from sls.what_if.rules import (
    RARE,
    Advice,
    Device,
    Holder,
    Loss,
    State,
    advice,
    after,
    matrix,
    opens,
    waits,
)

STRONG = Strength.PHISHING_RESISTANT


def device(id_: str, place: Place, strength: int = Strength.TYPED_CODE) -> Device:
    method = id_.partition("/")[0]
    way = Way(id_, strength, permanent=method in {"key", "app"}, sent=method == "sms")
    return Device(way, method, place)


SMS = device("sms/1", Place.SIM, Strength.TELEPHONE)
APP = device("app/1", Place.PHONE)
BOUND = device("key/1", Place.COMPUTER, STRONG)
SYNCED = device("key/2", Place.CLOUD, STRONG)
HARDWARE = device("key/3", Place.KEY, STRONG)
CODES = device("codes/1", Place.PAPER)
CARD = device("card/1", Place.CARD)
METHODS = ["key", "app", "codes", "sms"]
NEW = [
    device("key/new", Place.CLOUD, STRONG),
    device("app/new", Place.PHONE),
    device("codes/new", Place.PAPER),
    device("sms/new", Place.SIM),
]
ANYBODY = Holder(active=True, least=0, holds_strong=False)
BOUND_TO_PASSKEYS = Holder(active=True, least=STRONG, holds_strong=True)


def state(devices: list[Device], loss: Loss, method: str) -> State:
    row = next(row for row in matrix(devices, ANYBODY, methods=METHODS) if row.loss is loss)
    return next(cell.state for cell in row.cells if cell.method == method)


def advised(*devices: Device, new: list[Device] = NEW, holder: Holder = ANYBODY) -> Advice | None:
    return advice(devices, holder, new=new)


@pytest.mark.parametrize(
    ("loss", "gone"),
    [
        (Loss.PHONE, {SMS, APP}),
        (Loss.SIM, {SMS}),
        (Loss.COMPUTER, {BOUND}),
        (Loss.CODES, {CODES}),
        (Loss.KEY, {HARDWARE}),
        (Loss.CARD, {CARD}),
        (Loss.EMAIL, set()),
    ],
)
def test_takes_what_lives_there(loss, gone):
    everything = [SMS, APP, BOUND, SYNCED, HARDWARE, CODES, CARD]
    assert set(everything) - set(after(loss, everything)) == gone


def test_has_a_row_for_every_loss_and_a_cell_for_every_method_that_is_held():
    rows = matrix([SMS], ANYBODY, methods=METHODS)
    assert [row.loss for row in rows] == [loss for loss in Loss if loss not in RARE]
    assert all([cell.method for cell in row.cells] == ["sms"] for row in rows)


def test_a_security_key_or_card_has_a_row_for_whoever_has_one():
    rows = matrix([SMS, HARDWARE, CARD], ANYBODY, methods=METHODS)
    assert [row.loss for row in rows] == list(Loss)


def test_tells_what_opens_from_what_is_lost():
    assert state([SMS], Loss.PHONE, "sms") is State.LOST
    assert state([SMS], Loss.CODES, "sms") is State.OPENS


def test_counts_what_is_left_of_several():
    row = matrix([BOUND, SYNCED], ANYBODY, methods=["key"])[list(Loss).index(Loss.COMPUTER)]
    assert (row.cells[0].left, row.cells[0].of) == (1, 2)
    assert row.opens == ["key/2"]


def test_follows_the_decision_of_the_sign_in():
    assert opens([APP, SMS], ANYBODY) == ["app/1", "sms/1"]
    assert opens([SMS], ANYBODY) == ["sms/1"]
    assert opens([], ANYBODY) == []
    assert opens([SMS, APP], Holder(active=False, least=0, holds_strong=False)) == []


def test_tells_lost_from_too_weak():
    rows = matrix([SMS, BOUND], BOUND_TO_PASSKEYS, methods=["sms"])
    states = {row.loss: row.cells[0].state for row in rows}
    assert (states[Loss.SIM], states[Loss.EMAIL]) == (State.LOST, State.BARRED)


def test_follows_the_policy():
    everything = [SMS, APP, BOUND, SYNCED, CODES]
    assert opens(everything, BOUND_TO_PASSKEYS) == ["key/1", "key/2"]
    assert opens([SMS, APP], BOUND_TO_PASSKEYS) == []
    assert advised(SMS, BOUND, holder=BOUND_TO_PASSKEYS) == Advice(Loss.COMPUTER, "key")


def test_who_loses_nothing_is_advised_nothing():
    assert advised(SYNCED) is None
    assert advised(SMS, CODES) is None


def test_the_worst_loss_gets_the_one_advice():
    assert advised(SMS) == Advice(Loss.PHONE, "key")
    assert advised(BOUND) == Advice(Loss.COMPUTER, "app")
    assert advised(SMS, APP) == Advice(Loss.PHONE, "key")


def test_advises_what_helps_and_is_not_held_yet():
    assert advised(BOUND, new=[NEW[0], NEW[2]]).method == "codes"
    assert advised(SMS, new=NEW[1:]).method == "codes"


def test_says_when_nothing_helps():
    assert advised(SMS, new=[NEW[1], NEW[3]]) == Advice(Loss.PHONE, "")


@pytest.mark.parametrize(
    ("holder", "loss", "later"),
    [
        (Holder(active=True, least=0, holds_strong=False), Loss.PHONE, True),
        (Holder(active=True, least=STRONG, holds_strong=True), Loss.KEY, True),
        # What proves it was lost, or takes two of our own.
        (Holder(active=True, least=0, holds_strong=False), Loss.EMAIL, False),
        (Holder(active=False, least=0, holds_strong=False), Loss.PHONE, False),
        (Holder(active=True, least=0, holds_strong=False, staff=True), Loss.PHONE, False),
    ],
)
def test_knows_who_gets_a_new_way_to_sign_in_later(holder, loss, later):
    assert waits(loss, holder) is later
