"""Pure decisions on requests, addresses and days."""

from datetime import date
from decimal import Decimal

import pytest

from sls.cards import rules
from sls.cards.rules import Refusal, Sharing, Standing
from sls.methods.rules import Strength

RATES = {"USD": Decimal(1), "JPY": Decimal("0.0067")}
MAY = {"equity_usd": Decimal(600_000), "eligible": True, "ordered": False, "on_its_way": False}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"eligible": False}, Refusal.NOT_ELIGIBLE),
        ({"equity_usd": None, "eligible": False}, Refusal.NO_ACCOUNT),
        ({"ordered": True}, Refusal.ORDERED),
        ({"on_its_way": True}, Refusal.ON_ITS_WAY),
    ],
)
def test_a_card_is_refused_for_one_reason(facts, expected):
    assert rules.refusal_to_request(Standing(**(MAY | facts))) is expected


def test_the_largest_account_counts_in_dollars():
    owned = [("JPY", Decimal(90_000_000)), ("USD", Decimal(500_000))]
    assert rules.largest_usd(owned, RATES) == Decimal("603000.0000")


def test_a_currency_without_a_rate_counts_as_nothing():
    assert rules.largest_usd([("XAU", Decimal(10**9))], RATES) == 0
    assert rules.largest_usd([], RATES) is None


def test_an_address_is_kept_line_by_line():
    assert rules.read_address(" Alice  Example\r\n\n1 Harbour Street\nParis ") == (
        "Alice Example\n1 Harbour Street\nParis"
    )


@pytest.mark.parametrize(
    "typed",
    ["", "Alice\nParis", "\n".join("abcdefghi"), f"Alice\n{'x' * 61}\nParis", "A\nB\nC\u202e"],
)
def test_what_cannot_be_an_envelope_is_no_address(typed):
    assert rules.read_address(typed) is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1z 999-aa1", "1Z999AA1"),
        ("１２３４５６", "123456"),
        ("12345", None),
        ("1" * 41, None),
        ("12<script>", None),
    ],
)
def test_a_tracking_number_is_letters_and_digits(typed, expected):
    assert rules.read_tracking(typed) == expected


def test_digits_of_one_text_do_not_run_into_the_next():
    assert "5678" not in rules.digits_of(["1256", "7834"])
    assert "9411" in rules.digits_of(["San Francisco 94 111"])


def test_business_days_pass_over_weekends_and_holidays():
    assert rules.after(2, date(2026, 11, 25)) == date(2026, 11, 30)


SAME = {
    "same_name": False,
    "card_works": True,
    "already": False,
    "persons": ("P-17", "P-17"),
    "methods": frozenset({"dsc_plus", "sms"}),
    "strength": Strength.TYPED_CODE,
    "strongest": 0,
}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"strongest": Strength.TYPED_CODE}, None),
        ({"strongest": Strength.PHISHING_RESISTANT}, Refusal.LESS_SECURE),
        ({"persons": ("P-17", "P-18")}, Refusal.NOT_SAME_PERSON),
        ({"persons": ("", "")}, Refusal.NOT_SAME_PERSON),
        ({"persons": ("", "P-17")}, Refusal.NOT_SAME_PERSON),
        ({"persons": ("", "P-17"), "cleared": True}, None),
        ({"persons": ("P-17", "P-18"), "cleared": True}, None),
        ({"methods": frozenset({"dsc_plus", "temporary_passcode"})}, Refusal.TEMPORARY),
        ({"methods": frozenset({"dsc_plus", "online_card"})}, Refusal.TEMPORARY),
        ({"card_works": False}, Refusal.NO_CARD),
        ({"already": True}, Refusal.ALREADY),
        ({"same_name": True}, Refusal.OWN_NAME),
    ],
)
def test_a_card_is_shared_only_if_all_holds(facts, expected):
    assert rules.refusal_to_share(Sharing(**(SAME | facts))) is expected
