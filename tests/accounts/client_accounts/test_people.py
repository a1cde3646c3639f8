"""The users of an account."""

import pytest

from accounts.audit.models import Entry
from accounts.client_accounts import people, services
from accounts.client_accounts.models import ClientAccount, Kind, LegalEntity, Membership, Role
from accounts.client_accounts.rules import Refusal, Right
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.users.models import User
from tests.attacks.tools import at_once
from tests.cast import account, person

pytestmark = pytest.mark.django_db
HERE = Origin(address="203.0.113.7")
NUMBER = "U1000001"


def roles() -> dict[str, str]:
    found = Membership.objects.filter(account__number=NUMBER).order_by("pk")
    return {one.user.username: one.role for one in found.select_related("user")}


def add(user: User, *, by: User, role: Role = Role.TRADER) -> Refusal | None:
    return people.add(number=NUMBER, user_id=user.pk, role=role, by=by.pk, origin=HERE)


def place(user: User) -> Membership:
    return Membership.objects.select_related("account").get(user=user, account__number=NUMBER)


def set_role(user: User, role: Role, *, by: User) -> Refusal | None:
    return people.set_role(membership=place(user), role=role, by=by.pk, origin=HERE)


def remove(user: User, *, by: User) -> Refusal | None:
    return people.remove(membership=place(user), by=by.pk, origin=HERE)


@pytest.fixture
def olga(alice) -> User:
    """A security officer of Alice's account."""
    user = person("olga")
    services.grant(
        account=ClientAccount.objects.get(number=NUMBER), user=user, role=Role.SECURITY_OFFICER
    )
    return user


class TestAdd:
    def test_an_owner_adds_and_both_are_told(self, alice, bob):
        assert add(bob, by=alice) is None
        assert roles() == {"alice": "owner", "bob": "trader"}
        entries = Entry.objects.filter(event="account.user_added")
        assert {(one.user_id, one.actor) for one in entries} == {
            (alice.pk, "self"),
            (bob.pk, "user:alice"),
        }
        assert entries[0].detail == {"account": NUMBER, "member": "bob", "role": "trader"}
        assert {m.to for m in Message.objects.all()} == {"alice@example.com", "bob@example.com"}

    def test_a_security_officer_adds_all_but_owners(self, olga, bob):
        assert add(bob, by=olga, role=Role.OWNER) is Refusal.NOT_YOURS
        assert add(bob, by=olga) is None

    def test_others_do_not(self, alice, carol, bob):
        assert add(bob, by=carol) is Refusal.NOT_YOURS
        assert add(carol, by=bob) is Refusal.NOT_YOURS
        assert "bob" not in roles()

    def test_nobody_twice(self, alice, carol):
        assert add(carol, by=alice, role=Role.VIEWER) is Refusal.LISTED
        assert roles()["carol"] == "trader"

    def test_no_more_than_five_on_an_individual_account(self, alice):
        for number in range(4):
            assert add(person(f"user{number}"), by=alice) is None
        assert add(person("sixth"), by=alice) is Refusal.FULL
        assert len(roles()) == 5

    def test_an_institution_takes_more(self, alice, settings):
        settings.ACCOUNT_USERS = {"individual": 1, "institution": 2}
        ClientAccount.objects.update(kind=Kind.INSTITUTION)
        assert add(person("second"), by=alice) is None
        assert add(person("third"), by=alice) is Refusal.FULL

    def test_the_numbers_are_those_of_the_contract(self, settings):
        assert settings.ACCOUNT_USERS == {"individual": 5, "institution": 250}

    def test_nobody_opted_out_where_that_is_forbidden(self, alice, bob):
        ClientAccount.objects.filter(number=NUMBER).update(entity=LegalEntity.HK)
        User.objects.filter(pk=bob.pk).update(opted_out=True)
        assert add(bob, by=alice) is Refusal.OPTED_OUT
        assert "bob" not in roles()


class TestRole:
    def test_is_changed_and_told(self, alice, carol):
        assert set_role(carol, Role.VIEWER, by=alice) is None
        assert roles()["carol"] == "viewer"
        assert Entry.objects.filter(user=carol, event="account.user_role").exists()
        assert set(Message.objects.values_list("name", flat=True)) == {"account_user_role"}

    def test_the_same_changes_nothing(self, alice, carol):
        assert set_role(carol, Role.TRADER, by=alice) is None
        assert not Entry.objects.filter(event="account.user_role").exists()

    def test_the_last_owner_is_not_lowered(self, alice, carol):
        assert set_role(alice, Role.VIEWER, by=alice) is Refusal.LAST_OWNER
        set_role(carol, Role.OWNER, by=alice)
        assert set_role(alice, Role.VIEWER, by=alice) is None
        assert roles() == {"alice": "viewer", "carol": "owner"}

    def test_a_security_officer_does_not_become_an_owner_by_themselves(self, olga):
        assert set_role(olga, Role.OWNER, by=olga) is Refusal.NOT_YOURS

    def test_a_security_officer_does_not_give_themselves_the_right_to_trade(self, olga):
        assert set_role(olga, Role.TRADER, by=olga) is Refusal.NOT_YOURS
        assert set_role(olga, Role.VIEWER, by=olga) is None

    def test_a_trader_changes_nobody(self, alice, carol):
        assert set_role(carol, Role.OWNER, by=carol) is Refusal.NOT_YOURS
        assert set_role(alice, Role.VIEWER, by=carol) is Refusal.NOT_YOURS


class TestRemove:
    def test_the_user_goes_and_the_user_name_stays(self, alice, carol):
        assert remove(carol, by=alice) is None
        assert roles() == {"alice": "owner"}
        assert User.objects.filter(pk=carol.pk, is_active=True).exists()
        assert Message.objects.filter(to="carol@example.com").get().name == "account_user_removed"

    def test_the_last_owner_stays(self, alice, carol):
        assert remove(alice, by=alice) is Refusal.LAST_OWNER

    def test_a_security_officer_removes_no_owner(self, alice, olga):
        assert remove(alice, by=olga) is Refusal.NOT_YOURS

    def test_whoever_is_gone_already_is_gone(self, alice, carol):
        membership = place(carol)
        for _ in range(2):
            assert people.remove(membership=membership, by=alice.pk, origin=HERE) is None
        assert Entry.objects.filter(user=carol, event="account.user_removed").count() == 1


class TestSeen:
    def test_who_looks_after_an_account_sees_all_on_it_and_nobody_else(self, alice, carol, bob):
        found = [one.user.username for one in people.on_managed(alice.pk)]
        assert found == ["alice", "carol"]
        assert not people.on_managed(carol.pk).exists()

    def test_of_two_accounts_only_the_own_one(self, alice, carol, bob):
        theirs = Membership.objects.get(user=bob)
        assert people.find(theirs.pk, by=alice.pk) is None
        assert people.choices(number="U1000002", by=alice.pk) == []

    def test_an_officer_may_give_all_roles_but_one(self, olga):
        assert Role.OWNER not in people.choices(number=NUMBER, by=olga.pk)


class TestSecondName:
    @pytest.fixture
    def second(self, alice) -> User:
        """Another user name of Alice, an owner as well."""
        user = person("alice2")
        User.objects.filter(pk__in=(alice.pk, user.pk)).update(person="P-1")
        add(user, by=alice, role=Role.OWNER)
        return user

    def test_never_moves_money_whatever_its_role(self, alice, second):
        assert Right.FUND in services.rights_of(user_id=alice.pk, number=NUMBER)
        mine = services.rights_of(user_id=second.pk, number=NUMBER)
        assert mine == set(Right) - {Right.FUND}

    def test_another_person_does(self, alice, bob):
        add(bob, by=alice, role=Role.OWNER)
        assert Right.FUND in services.rights_of(user_id=bob.pk, number=NUMBER)

    def test_on_an_account_of_its_own_it_does(self, second):
        account("U2000002", second, equity=1)
        assert Right.FUND in services.rights_of(user_id=second.pk, number="U2000002")

    def test_who_is_not_on_the_account_may_nothing(self, alice, bob):
        assert services.rights_of(user_id=bob.pk, number=NUMBER) == frozenset()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_nobody_gets_over_the_limit(self, alice):
        others = [person(f"user{number}") for number in range(12)]
        outcomes = at_once(12, lambda n: add(others[n], by=alice))
        assert outcomes.count(None) == 4
        assert outcomes.count(Refusal.FULL) == 8
        assert len(roles()) == 5

    def test_one_owner_remains(self, alice, carol):
        set_role(carol, Role.OWNER, by=alice)
        both = (alice, carol)
        for _ in range(5):
            outcomes = at_once(2, lambda n: set_role(both[n], Role.VIEWER, by=both[n]))
            assert sorted(map(str, outcomes)) == ["None", "last_owner"]
            assert list(roles().values()).count("owner") == 1
            owner = next(user for user in both if roles()[user.username] == "owner")
            other = carol if owner == alice else alice
            set_role(other, Role.OWNER, by=owner)

    def test_two_owners_do_not_remove_each_other(self, alice, carol):
        set_role(carol, Role.OWNER, by=alice)
        pairs = [(alice, carol), (carol, alice)]
        places = [place(carol), place(alice)]
        at_once(2, lambda n: people.remove(membership=places[n], by=pairs[n][0].pk, origin=HERE))
        assert list(roles().values()) == ["owner"]
