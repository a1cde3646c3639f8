import pytest

from accounts.contacts import rules
from accounts.contacts.rules import Refusal


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        ("+14155550101", None, "+14155550101"),
        (" +1 (415) 555-0101 ", None, "+14155550101"),
        ("＋１ ４１５ ５５５ ０１０１", None, "+14155550101"),
        ("(415) 555-0101", "US", "+14155550101"),
        ("090-1234-5678", "JP", "+819012345678"),
        ("０９０ー１２３４ー５６７８", "JP", "+819012345678"),
        ("+81 90 1234 5678", "US", "+819012345678"),
        ("+1.415.555.0101", None, "+14155550101"),
    ],
)
def test_a_number_is_read_as_it_was_meant(typed, region, number):
    assert rules.read_phone(typed, region) == number


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", Refusal.EMPTY),
        ("   ", Refusal.EMPTY),
        ("415 555 0101", Refusal.NEEDS_COUNTRY),
        ("+1 415 555", Refusal.NOT_A_NUMBER),
        ("+1 800 FLOWERS", Refusal.LETTERS),
        ("+1 415 555 0101 ext 5", Refusal.EXTENSION),
        ("+1 415 555 0101 x5", Refusal.EXTENSION),
        ("+14155550101#5", Refusal.EXTENSION),
        ("+1415555010100000", Refusal.NOT_A_NUMBER),
        ("++14155550101", Refusal.NOT_A_NUMBER),
        ("+1\n415*5550101", Refusal.NOT_A_NUMBER),
        ("1" * 500, Refusal.TOO_LONG),
        ("+٤١٥", Refusal.NOT_A_NUMBER),
        ("+1 415 555 0101\u202e", Refusal.NOT_A_NUMBER),
    ],
)
def test_what_is_no_number_says_why(typed, refusal):
    assert rules.read_phone(typed) is refusal


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("alice@example.com", "alice@example.com"),
        (" Alice.B+x@EXAMPLE.Com ", "Alice.B+x@example.com"),
        ("ａｌｉｃｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "alice@example.com"),
    ],
)
def test_an_address_is_read_as_it_was_meant(typed, address):
    assert rules.read_email(typed) == address


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", Refusal.EMPTY),
        ("alice", Refusal.NOT_AN_ADDRESS),
        ("alice@example", Refusal.NOT_AN_ADDRESS),
        ("a@b.com\nBcc: eve@evil.example", Refusal.NOT_AN_ADDRESS),
        ("a@b.com\r\n", Refusal.NOT_AN_ADDRESS),
        ("a@b.com\n", Refusal.NOT_AN_ADDRESS),
        ("a@b.com,eve@evil.example", Refusal.NOT_AN_ADDRESS),
        ("a b@example.com", Refusal.NOT_AN_ADDRESS),
        ('"a"@example.com', Refusal.NOT_AN_ADDRESS),
        ("Alice <alice@example.com>", Refusal.NOT_AN_ADDRESS),
        ("a..b@example.com", Refusal.NOT_AN_ADDRESS),
        ("a@-example.com", Refusal.NOT_AN_ADDRESS),
        ("аlice@example.com", Refusal.NOT_ASCII),
        ("alice@exämple.com", Refusal.NOT_ASCII),
        ("a" * 65 + "@example.com", Refusal.NOT_AN_ADDRESS),
        ("a@" + "b" * 260 + ".com", Refusal.TOO_LONG),
    ],
)
def test_what_is_no_address_says_why(typed, refusal):
    assert rules.read_email(typed) is refusal


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+819012345678", "mobile"),
        ("+81312345678", "landline"),
        ("+14155550101", ""),
        ("+447400123456", "mobile"),
    ],
)
def test_the_kind_of_line_is_told_where_the_plan_tells_it(number, kind):
    assert rules.line_type(number) == kind


def test_masks_show_two_digits():
    assert rules.masked_phone("+14155550101") == "+1 ... 01"
    assert rules.masked_email("alice@example.com") == "a...@example.com"
