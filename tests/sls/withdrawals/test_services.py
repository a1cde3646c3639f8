"""The table as it is set, and the sentences before a change."""

from decimal import Decimal

import pytest

from accounts.users.models import User
from sls.methods import registry
from sls.withdrawals import rules, services
from sls.withdrawals.checks import crossing_limits
from tests.cast import app_device, person


def numbers(row: str) -> tuple[int | None, int | None]:
    limit = services.table()[row]
    return limit.day, limit.five_days


@pytest.mark.parametrize(
    ("row", "day", "five_days"),
    [
        ("none", 50_000, 100_000),
        ("temporary_passcode", 50_000, 100_000),
        ("sms", 200_000, 600_000),
        ("online_card", 200_000, 600_000),
        ("ib_key", 1_000_000, 1_000_000),
        ("dsc", 1_000_000, 1_500_000),
        ("dsc_plus", None, None),
    ],
)
def test_the_published_table_is_the_default(row, day, five_days):
    assert numbers(row) == (day, five_days)


@pytest.mark.parametrize(
    ("ours", "like"),
    [
        ("authenticator_app", "sms"),
        ("passkey", "ib_key"),
        ("backup_codes", "temporary_passcode"),
    ],
)
def test_rows_of_our_own_are_like_published_ones(ours, like):
    assert numbers(ours) == numbers(like)


def test_every_method_has_its_row():
    assert {method.code for method in registry.METHODS} <= services.table().keys()


def test_a_table_whose_rows_cross_is_refused_at_start(settings):
    assert crossing_limits() == []
    settings.WITHDRAWAL_LIMITS = {**settings.WITHDRAWAL_LIMITS, "sms": (300_000, 500_000)}
    found = crossing_limits()
    assert [error.id for error in found] == ["sls.E001"]
    assert "WITHDRAWALS_SMS" in found[0].msg


@pytest.fixture
def both(db, settings) -> User:
    """Holds two methods, of which the app is worth more."""
    settings.WITHDRAWAL_LIMITS = {
        **settings.WITHDRAWAL_LIMITS,
        "authenticator_app": (1_000_000, 1_000_000),
    }
    user = person("alice", mobile="+14155550101")
    app_device(user)
    return user


def device(user: User, method: str) -> str:
    return next(row.id for row in registry.devices(user.pk) if row.method == method)


def test_removing_the_best_says_what_the_limit_becomes(both, counted_queries):
    gone = device(both, "authenticator_app")
    with counted_queries(1):
        sentence = services.preview_removal(user=both, device_id=gone)
    assert sentence == (
        "If you remove this your daily limit becomes USD 200,000, and USD 600,000 in five "
        "business days."
    )


def test_removing_a_lesser_one_changes_nothing(both):
    sentence = services.preview_removal(user=both, device_id=device(both, "sms"))
    assert sentence == (
        "Your withdrawal limits stay as they are: USD 1,000,000 a day, USD 1,000,000 in five "
        "business days."
    )


def test_removing_the_last_leaves_the_limit_of_none(alice):
    sentence = services.preview_removal(user=alice, device_id=device(alice, "sms"))
    assert "your daily limit becomes USD 50,000" in sentence


def test_who_opted_out_gains_and_loses_nothing(both):
    both.opted_out = True
    sentence = services.preview_removal(user=both, device_id=device(both, "authenticator_app"))
    assert sentence.startswith("Your withdrawal limits stay as they are: USD 50,000 a day")


def test_a_preview_shows_what_the_decision_enforces(both, settings):
    """The page's number, taken to the decision: one dollar more is one too many."""
    held = [row.method for row in registry.devices(both.pk)]
    table = services.table()
    shown = rules.preview(held, table=table, losing="authenticator_app")
    for amount, is_right in ((shown.day, rules.Allowed), (shown.day + 1, rules.Above)):
        decision = rules.decide(
            Decimal(amount),
            method="sms",
            table=table,
            spent=rules.Spent(),
            now=both.created_at,
        )
        assert isinstance(decision, is_right)
