"""Periods, PDFs and ranges."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.documents import rules, sealing
from accounts.documents.models import Kind
from accounts.documents.rules import NOTHING, PIECE, Span
from accounts.vault import CannotOpen
from tests.pdfs import pdf


def test_every_kind_has_its_period():
    assert set(rules.SHAPES) == set(Kind.values)


@pytest.mark.parametrize(
    ("kind", "period", "day"),
    [
        ("daily", "2026-11-25", date(2026, 11, 25)),
        ("notice", "2024-02-29", date(2024, 2, 29)),
        ("monthly", "2026-02", date(2026, 2, 28)),
        ("monthly", "2026-12", date(2026, 12, 31)),
        ("monthly", "2024-02", date(2024, 2, 29)),
        ("annual", "2026", date(2026, 12, 31)),
        ("tax", "2025", date(2025, 12, 31)),
        ("daily", "2026-02-30", None),
        ("daily", "2026-11", None),
        ("monthly", "2026-13", None),
        ("monthly", "2026-00", None),
        ("monthly", "9999-12", date(9999, 12, 31)),
        ("annual", "2026-11", None),
        ("annual", "1969", None),
        ("annual", "0000", None),
        ("daily", "２０２６-11-25", None),
    ],
)
def test_a_period_ends_on_its_last_day(kind, period, day):
    assert rules.last_day(kind, period) == day


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7\n",
        b"PK\x03\x04" + pdf(),
        b"\n" + pdf(),
        b"<script>alert(1)</script>" + pdf(),
        pdf().replace(b"%PDF-1.7", b"%PDF-9.7"),
        pdf().replace(b"%%EOF", b"%%EO"),
        pdf().replace(b"startxref", b"startxre"),
        pdf() + b"PK\x03\x04" + b" " * 1024,
        b"%!PS-Adobe-3.0\n%%EOF startxref",
    ],
)
def test_only_a_pdf_is_one(content):
    assert rules.is_pdf(pdf())
    assert not rules.is_pdf(content)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("bytes=0-0", Span(0, 0)),
        ("bytes=0-", Span(0, 99)),
        ("bytes=10-19", Span(10, 19)),
        ("Bytes=10-19", Span(10, 19)),
        ("bytes=90-1000", Span(90, 99)),
        ("bytes=99-", Span(99, 99)),
        ("bytes=-1", Span(99, 99)),
        ("bytes=-1000", Span(0, 99)),
        ("bytes=100-", NOTHING),
        ("bytes=100-200", NOTHING),
        ("bytes=-0", NOTHING),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=0-1,5-6", None),
        ("bytes=" + "9" * 400 + "-", None),
        ("bytes=٣-٤", None),
        ("items=0-1", None),
        ("", None),
    ],
)
def test_a_range_is_read_as_the_standard_has_it(header, found):
    assert rules.span(header, size=100) == found


@given(st.text(max_size=30), st.integers(1, 10**7))
def test_no_header_asks_for_bytes_that_are_not_there(text, size):
    found = rules.span(f"bytes={text}", size=size)
    assert found in (None, NOTHING) or 0 <= found.first <= found.last < size


@given(st.binary(min_size=1, max_size=60), st.data())
def test_a_range_of_pieces_is_the_range_of_the_whole(content, data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "PIECE", 7)
        is_the_range(content, data)


def is_the_range(content: bytes, data: st.DataObject) -> None:
    key = sealing.new_key()
    pieces = list(sealing.sealed(content, key=key, document="d"))
    first = data.draw(st.integers(0, len(content) - 1))
    last = data.draw(st.integers(first, len(content) - 1))
    span, size = Span(first, last), len(content)
    found = b"".join(
        sealing.within(sealing.opened(pieces[n], n, key=key, document="d", size=size), n, span)
        for n in sealing.numbers(span)
    )
    assert found == content[first : last + 1]


def test_a_piece_opens_in_its_place_alone():
    key, content = sealing.new_key(), bytes(3 * PIECE)
    pieces = list(sealing.sealed(content, key=key, document="d"))
    assert len(pieces) == 3
    assert len(set(pieces)) == 3
    size = len(content)
    assert sealing.opened(pieces[1], 1, key=key, document="d", size=size) == bytes(PIECE)
    for changed in (
        {"number": 0},
        {"document": "e"},
        {"size": size - PIECE},
        {"key": sealing.new_key()},
        {"piece": bytes([pieces[1][0] ^ 1]) + pieces[1][1:]},
    ):
        asked = {"piece": pieces[1], "number": 1, "key": key, "document": "d", "size": size}
        with pytest.raises(CannotOpen):
            sealing.opened(**asked | changed)


@pytest.mark.parametrize(
    ("day", "is_to_come"),
    [
        (date(2026, 11, 26), False),
        (date(2026, 11, 27), False),
        (date(2026, 11, 28), True),
        (date(2026, 12, 31), True),
    ],
)
def test_a_period_that_ends_after_tomorrow_has_not_ended(day, is_to_come):
    assert rules.is_to_come(day, today=date(2026, 11, 26)) is is_to_come
