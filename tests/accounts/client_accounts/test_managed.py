"""Whom a user looks after."""

import pytest

from accounts.client_accounts import services
from accounts.client_accounts.models import ClientAccount, Role
from accounts.users.models import User
from tests.cast import account, person

pytestmark = pytest.mark.django_db


def names(user) -> list[str]:
    return sorted(one.username for one in services.managed_by(user))


def test_an_owner_manages_all_on_the_account(alice, carol, bob):
    assert names(alice) == ["alice", "carol"]


def officer(name: str) -> User:
    """A security officer of Alice's account."""
    user, alices = person(name), ClientAccount.objects.get(number="U1000001")
    services.grant(account=alices, user=user, role=Role.SECURITY_OFFICER)
    return user


def test_a_security_officer_manages_all_but_owners(alice, carol):
    olga = officer("olga")
    assert names(olga) == ["carol", "olga"]
    assert names(alice) == ["alice", "carol", "olga"]


def test_putting_somebody_on_an_account_gives_no_power_over_their_own(alice, bob):
    bobs = ClientAccount.objects.get(number="U1000002")
    services.grant(account=bobs, user=alice, role=Role.VIEWER)
    assert names(bob) == ["bob"]


def test_a_trader_of_two_owners_is_managed_by_neither(alice, bob, carol):
    bobs = ClientAccount.objects.get(number="U1000002")
    services.grant(account=bobs, user=carol, role=Role.TRADER)
    assert names(alice) == ["alice"]
    assert names(bob) == ["bob"]


def test_an_owner_of_another_account_is_not_managed_by_its_security_officer(alice, carol):
    olga = officer("olga")
    second = account("U2000001", carol, equity=1)
    services.grant(account=second, user=olga, role=Role.SECURITY_OFFICER)
    assert names(olga) == ["olga"]


def test_nobody_manages_staff(alice, sam):
    services.grant(account=ClientAccount.objects.get(number="U1000001"), user=sam, role=Role.VIEWER)
    assert names(alice) == ["alice"]


@pytest.mark.parametrize("role", [Role.TRADER, Role.VIEWER])
def test_others_manage_themselves(alice, carol, role):
    alices = ClientAccount.objects.get(number="U1000001")
    services.grant(account=alices, user=carol, role=role)
    assert names(carol) == ["carol"]


def test_who_has_no_account_manages_themselves():
    assert names(person("nora")) == ["nora"]


def test_names_each_once_in_one_query(alice, carol, counted_queries):
    second = account("U2000001", alice, equity=1)
    services.grant(account=second, user=carol, role=Role.VIEWER)
    with counted_queries(1):
        assert names(alice) == ["alice", "carol"]
