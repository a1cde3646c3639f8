import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.codes import Shape
from sls.methods.backup_codes import rules

CODE = "ABCDEFGHIJKLMNOP"
READ = "ABCDEFGHIJKIMNOP"  # L counts as I


@pytest.mark.parametrize(
    "typed",
    ["ABCD-EFGH-IJKL-MNOP", "abcd efgh ijkl mnop", " ABCDEFGHIJKLMNOP ", "ABCD–EFGH—IJKL−MNOP",
     "ＡＢＣＤ－ＥＦＧＨ－ＩＪＫＬ－ＭＮＯＰ", "ＡＢＣＤーＥＦＧＨｰＩＪＫＬ\u3000ＭＮＯＰ",
     "A B C D E F G H I J K L M N O P", "ABCD-EFGH-1JK1-MN0P", "ABCD-EFGH-LJKI-MNOP",
     "A8CD-EFGH-ijkl-mnop"],
)  # fmt: skip
def test_reads_a_code_however_it_was_typed(typed):
    assert rules.read(typed) == (Shape.WELL_FORMED, READ)


@pytest.mark.parametrize(
    ("typed", "shape"),
    [
        ("", Shape.EMPTY),
        (" - - ", Shape.EMPTY),
        ("ABCD-EFGH-IJKL-MNO", Shape.TOO_SHORT),
        ("493817", Shape.TOO_SHORT),
        ("ABCD-EFGH-IJKL-MNOPQ", Shape.TOO_LONG),
        ("A" * 5000, Shape.TOO_LONG),
        (f"{CODE} {CODE}", Shape.TOO_LONG),
        ("ABCD-EFGH-IJKL-MNO9", Shape.LETTERS),
        ("ABCD-EFGH-IJKL-MNO\u200b", Shape.LETTERS),
        ("ABCD-EFGH-IJKL-MNOÉ", Shape.LETTERS),
        ("ABCDEFGHIJKLMNO\u0130", Shape.LETTERS),
        ("', '' or 1=1", Shape.LETTERS),
    ],
)
def test_names_what_is_wrong_with_the_shape(typed, shape):
    assert rules.read(typed) == (shape, "")


@given(st.text())
def test_whatever_is_typed_is_either_refused_or_sixteen_letters_of_the_alphabet(typed):
    shape, code = rules.read(typed)
    assert bool(code) == (shape is Shape.WELL_FORMED)
    assert re.fullmatch(r"([A-KM-Z2-7]{16})?", code)


def test_makes_ten_codes_that_are_read_back_as_they_are_written():
    codes = rules.new_codes()
    assert len(set(codes)) == 10
    for code in codes:
        assert re.fullmatch(r"[A-Z2-7]{16}", code)
        assert re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", rules.written(code))
        assert rules.read(rules.written(code)) == rules.read(code)


def test_no_two_letters_that_count_as_one_shorten_a_code_to_nothing():
    seen = {rules.read(code)[1] for _ in range(50) for code in rules.new_codes()}
    assert len(seen) == 500
    assert set("".join(seen)) == set("ABCDEFGHIJKMNOPQRSTUVWXYZ234567")


@given(st.sets(st.integers(1, 10)))
def test_every_code_has_a_bit_of_its_own(numbers):
    bits = sum(rules.bit(number) for number in numbers)
    assert rules.used(bits) == sorted(numbers)
    assert (bits == rules.ALL_USED) == (len(numbers) == 10)
