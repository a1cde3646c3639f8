"""Weighing what is unusual: for every set of signals."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls.algorithms.risk import LEAST, WEIGHTS, Level, Signal, score

ALL = [set(some) for size in range(len(Signal) + 1) for some in combinations(Signal, size)]
any_signals = st.sets(st.sampled_from(Signal))


@given(any_signals, st.sampled_from(Signal))
def test_one_signal_more_never_lowers_the_level(signals, one):
    assert score(signals | {one}).level >= score(signals).level


def test_no_signal_lowers_the_level_of_any_set():
    for signals in ALL:
        assert all(score(signals | {one}).level >= score(signals).level for one in Signal)


def test_refuses_nobody_in_a_browser_that_is_known():
    known = [signals for signals in ALL if Signal.NEW_DEVICE not in signals]
    assert max(score(signals).level for signals in known) is Level.STRONGER


def test_refuses_only_what_is_new_elsewhere_and_suspect_besides():
    refused = [signals for signals in ALL if score(signals).level is Level.REFUSED]
    assert refused
    for signals in refused:
        assert Signal.NEW_DEVICE in signals
        assert len(signals - {Signal.OUTSIDE_TRAVEL}) >= 4


def test_no_single_signal_asks_for_more_than_telling_the_owner():
    assert max(score({one}).level for one in Signal if one not in LEAST) is Level.ALERT


@given(any_signals)
def test_what_a_journey_leaves_out_raises_to_the_stronger_factor_and_adds_nothing(signals):
    before = score(signals - {Signal.OUTSIDE_TRAVEL}).level
    after = score(signals | {Signal.OUTSIDE_TRAVEL}).level
    assert after is max(before, Level.STRONGER)


@given(any_signals)
def test_names_every_signal_once_and_the_weightiest_first(signals):
    found = score([*signals, *signals]).signals
    assert sorted(found) == sorted(signals)
    weights = [WEIGHTS[one] for one in found]
    assert weights == sorted(weights, reverse=True)


def test_weighs_every_signal():
    assert set(WEIGHTS) == set(Signal)
    assert {one for one in Signal if WEIGHTS[one] <= 0} == set(LEAST)


@pytest.mark.parametrize(
    ("signals", "level"),
    [
        ([], Level.USUAL),
        ([Signal.NEW_DEVICE], Level.USUAL),
        ([Signal.HOUR, Signal.FAILURES], Level.ALERT),
        ([Signal.NEW_COUNTRY], Level.ALERT),
        ([Signal.TRAVEL], Level.ALERT),
        ([Signal.NEW_DEVICE, Signal.NEW_COUNTRY], Level.STRONGER),
        ([Signal.NEW_DEVICE, Signal.CONTACT], Level.STRONGER),
        ([Signal.NEW_DEVICE, Signal.NEW_COUNTRY, Signal.TRAVEL], Level.STRONGER),
        ([Signal.NEW_DEVICE, Signal.NEW_COUNTRY, Signal.TRAVEL, Signal.CONTACT], Level.REFUSED),
        ([Signal.NEW_DEVICE, Signal.NEW_COUNTRY, Signal.TRAVEL, Signal.FAILURES], Level.REFUSED),
        (list(set(Signal) - {Signal.NEW_DEVICE}), Level.STRONGER),
    ],
)
def test_weighs(signals, level):
    assert score(signals).level is level
