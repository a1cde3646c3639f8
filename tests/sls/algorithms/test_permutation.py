from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls.algorithms.permutation import nth

MILLION = 10**6


@given(st.binary(max_size=40), st.integers(2, 300))
def test_gives_every_number_once(key, size):
    assert sorted(nth(key, place, size) for place in range(size)) == list(range(size))


def test_never_repeats_a_challenge_of_six_digits():
    issued = [nth(b"a card", place, MILLION) for place in range(20_000)]
    assert len(set(issued)) == len(issued)
    assert max(issued) < MILLION


def test_spreads_evenly():
    leading = Counter(nth(b"a card", place, MILLION) // 100_000 for place in range(10_000))
    assert all(850 < leading[digit] < 1150 for digit in range(10))


def test_another_key_gives_another_order():
    assert [nth(b"a", n, MILLION) for n in range(5)] != [nth(b"b", n, MILLION) for n in range(5)]


@pytest.mark.parametrize(("place", "size"), [(-1, 10), (10, 10), (0, 1), (0, 0)])
def test_refuses_a_place_that_is_not_there(place, size):
    with pytest.raises(ValueError, match="place"):
        nth(b"", place, size)
