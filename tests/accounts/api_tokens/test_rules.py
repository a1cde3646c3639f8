"""The form of a token, and why one is refused."""

import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.api_tokens import rules
from accounts.api_tokens.rules import Facts, Scope, Why

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SIGNS = string.ascii_letters + string.digits
DAY = timedelta(days=1)
GOOD = Facts(
    expires_at=NOW + DAY,
    revoked=False,
    scopes=[*Scope],
    owner_bar=None,
    is_member=True,
    stopped_at=None,
    handle_days=None,
    seen_at=None,
    lets_in=True,
)


def but(**changed: object) -> Facts:
    return Facts(**{name: getattr(GOOD, name) for name in Facts.__slots__} | changed)


def test_a_new_token_reads_as_what_is_stored_of_it():
    text, parts = rules.make()
    assert rules.read(text) == parts
    assert text.startswith("cpt_")
    assert len(text) == 53
    assert text[15:47] not in repr(parts)


def test_no_two_are_alike():
    made = [rules.make() for _ in range(300)]
    assert len({text for text, _ in made}) == len({parts.id for _, parts in made}) == 300


@given(st.integers(0, 52), st.sampled_from(SIGNS + "_ -.\n\u00e9"))
def test_one_wrong_sign_anywhere_is_seen_without_asking(place, sign):
    text, _parts = rules.make()
    altered = text[:place] + sign + text[place + 1 :]
    assert altered == text or rules.read(altered) is None


@given(st.text(max_size=80))
def test_whatever_is_read_is_never_an_error(text):
    assert rules.read(text) is None


@pytest.mark.parametrize("around", [" {}", "{} ", "{}\n", "x{}", "{}x", "{}{}"])
def test_nothing_stands_around_it(around):
    assert rules.read(around.format(*[rules.make()[0]] * 2)) is None


@given(st.binary(min_size=1, max_size=60))
def test_the_checksum_is_six_signs(raw):
    found = rules._checksum(raw.hex())
    assert len(found) == rules.CHECK
    assert set(found) <= set(SIGNS)


TABLE = [
    ({}, None),
    ({"revoked": True}, Why.REVOKED),
    ({"expires_at": NOW}, Why.ENDED),
    ({"expires_at": NOW + timedelta(microseconds=1)}, None),
    ({"owner_bar": "inactive"}, Why.OWNER),
    ({"owner_bar": "frozen"}, Why.OWNER),
    ({"stopped_at": NOW}, Why.STOPPED),
    ({"handle_days": 7, "seen_at": NOW - 7 * DAY}, Why.STOPPED),
    ({"handle_days": 7, "seen_at": NOW - 7 * DAY + timedelta(seconds=1)}, None),
    ({"handle_days": 7}, Why.STOPPED),
    ({"lets_in": False}, Why.NETWORK),
    ({"scopes": []}, Why.SCOPE),
    ({"is_member": False}, Why.ROLE),
]


@pytest.mark.parametrize(("changed", "why"), TABLE)
def test_the_table_of_refusals(changed, why):
    assert rules.refusal(but(**changed), scope=Scope.ACCOUNT, now=NOW) == why


@given(st.sets(st.integers(1, len(TABLE) - 1)))
def test_what_refuses_alone_refuses_together(chosen):
    changed: dict[str, object] = {}
    for place in sorted(chosen):
        if TABLE[place][1] is not None:
            changed |= TABLE[place][0]
    refused = rules.refusal(but(**changed), scope=Scope.ACCOUNT, now=NOW)
    assert (refused is None) == (not changed)


@pytest.mark.parametrize("scope", [None, Scope.FREEZE, Scope.STOP])
def test_what_takes_rights_away_needs_no_account(scope):
    assert rules.refusal(but(is_member=False), scope=scope, now=NOW) is None


def test_a_description_needs_no_scope():
    assert rules.refusal(but(scopes=[]), scope=None, now=NOW) is None


def test_what_is_wrong_with_the_token_is_401_and_with_the_wish_403():
    said = {why: why.status for why in Why}
    assert {why for why, status in said.items() if status == 403} == {
        Why.STOPPED,
        Why.NETWORK,
        Why.SCOPE,
        Why.ROLE,
    }


def test_no_handle_is_never_let_go():
    assert not rules.handle_let_go(days=None, seen_at=None, now=NOW)


def test_the_longest_life_is_ninety_days():
    assert max(rules.LIVES.values()) == 90 * DAY
    assert rules.LIVES[rules.DEFAULT_LIFE] == DAY
