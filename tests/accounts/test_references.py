"""References that are read aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import references
from accounts.references import ALPHABET


@pytest.mark.parametrize("change", [str.lower, references.shown, lambda one: f" {one} "])
def test_is_read_back_however_it_is_written(change):
    reference = references.new()
    assert references.read(change(reference)) == reference


def test_letters_that_look_like_digits_are_meant_as_such():
    reference = next(one for one in iter(references.new, None) if "0" in one and "1" in one)
    assert references.read(reference.replace("0", "o").replace("1", "l")) == reference


@given(st.integers(0, references.LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_seen(place, other):
    reference = references.new()
    wrong = reference[:place] + other + reference[place + 1 :]
    assert references.read(wrong) == (reference if wrong == reference else None)


@pytest.mark.parametrize(
    "text", ["", "ABC", "4K7T-Q29", "4K7T-Q29M-1", "UUUUUUUU", "é" * 8, "9" * 200]
)
def test_what_is_no_reference_is_not_read(text):
    assert references.read(text) is None
