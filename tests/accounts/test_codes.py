import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import codes
from accounts.codes import Shape


@pytest.mark.parametrize(
    "typed",
    ["493817", "493 817", "493-817", " 493817 ", "#493817", "KMP-493817", "kmp 493817",
     "４９３８１７", "KMP-４９３８１７", "4 9 3 8 1 7", "493–817"],
)  # fmt: skip
def test_reads_a_code_however_it_was_typed(typed):
    read = codes.read(typed, length=6)
    assert (read.shape, read.digits) == (Shape.WELL_FORMED, "493817")


@pytest.mark.parametrize(
    ("typed", "shape"),
    [
        ("", Shape.EMPTY),
        ("   ", Shape.EMPTY),
        ("#", Shape.EMPTY),
        ("abcdef", Shape.LETTERS),
        ("49381O", Shape.LETTERS),
        ("٤٩٣٨١٧", Shape.LETTERS),  # other scripts' digits are not what was sent
        ("49381", Shape.TOO_SHORT),
        ("4938177", Shape.TOO_LONG),
        ("4" * 5000, Shape.TOO_LONG),
        ("[]", Shape.LETTERS),
    ],
)
def test_names_what_is_wrong_with_the_shape(typed, shape):
    assert codes.read(typed, length=6).shape is shape


def test_keeps_the_reference_that_was_typed_along():
    assert codes.read("kmp-493817", length=6).reference == "KMP"


@given(st.text(max_size=200))
def test_reads_any_text_without_an_error_and_only_ascii_digits(text):
    read = codes.read(text, length=6)
    assert read.shape is not Shape.WELL_FORMED or re.fullmatch("[0-9]{6}", read.digits)


def test_is_not_slowed_down_by_a_hundred_kilobytes():
    start = time.process_time()
    codes.read("9 " * 50_000, length=6)
    assert time.process_time() - start < 0.1


def test_makes_codes_of_digits_with_leading_zeros_now_and_then():
    made = {codes.numeric(6) for _ in range(2000)}
    assert all(re.fullmatch("[0-9]{6}", code) for code in made)
    assert any(code.startswith("0") for code in made)


def test_makes_references_without_letters_that_look_like_digits():
    assert all(re.fullmatch("[A-HJ-NP-Z]{3}", codes.reference()) for _ in range(500))


def test_groups_for_the_eye_and_spells_for_the_ear():
    assert codes.grouped("492817") == "492 817"
    assert codes.spelt("493817") == "4, 9, 3, 8, 1, 7"
