"""What each role may do, and who may change it."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.client_accounts import rules
from accounts.client_accounts.models import Role
from accounts.client_accounts.rules import MAY, OFFICER, OWNER, Refusal, Right

ROLES = sorted(MAY)
roles, some = st.sampled_from(ROLES), st.sampled_from([None, *ROLES])


def test_every_role_has_its_row():
    assert set(MAY) == set(Role.values)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("owner", {"view", "trade", "fund", "settings", "users"}),
        ("security_officer", {"view", "settings", "users"}),
        ("trader", {"view", "trade"}),
        ("viewer", {"view"}),
    ],
)
def test_the_table_is_this(role, may):
    assert {right.value for right in rules.rights(role)} == may


@given(roles)
def test_a_second_user_name_never_moves_money_and_loses_nothing_else(role):
    assert rules.rights(role, second_name=True) == rules.rights(role) - {Right.FUND}


@given(roles, some, some)
def test_owners_alone_make_and_unmake_owners(actor, old, new):
    may = rules.may_set(actor, old=old, new=new)
    if OWNER in (old, new):
        assert may is (actor == OWNER)
    else:
        assert may is (actor in (OWNER, OFFICER))


@given(some, some)
def test_somebody_gains_by_a_role_that_may_what_the_old_one_may_not(old, new):
    before, after = (rules.MAY[role] if role else frozenset() for role in (old, new))
    assert rules.gains(old, new) is not after.issubset(before)


@given(roles, some, some, st.integers(0, 300), st.integers(0, 3))
def test_an_owner_always_remains_and_the_limit_always_holds(actor, old, new, users, owners):
    facts = {"users": users, "owners": owners, "most": 5}
    if rules.refusal(actor, old=old, new=new, **facts) is None:
        assert not (old == OWNER and new != OWNER and owners <= 1)
        assert not (old is None and users >= 5)


@pytest.mark.parametrize(("old", "new"), list(product([None, *ROLES], repeat=2)))
def test_an_owner_is_refused_nothing_else(old, new):
    facts = {"users": 2, "owners": 1, "most": 5}
    why = rules.refusal(OWNER, old=old, new=new, **facts)
    assert why == (Refusal.LAST_OWNER if old == OWNER and new != OWNER else None)
