"""The imported opt-out, and the way back."""

import pytest

from accounts.audit.models import Entry
from accounts.client_accounts import opt_out, services
from accounts.client_accounts.models import ClientAccount, LegalEntity, Membership, Role
from accounts.client_accounts.opt_out import CannotOptOut
from accounts.client_accounts.services import UnacceptableAccount
from accounts.origin import SYSTEM, Origin
from accounts.outbox.models import Message
from accounts.users.models import User
from tests.cast import account, person

pytestmark = pytest.mark.django_db
HERE = Origin(address="203.0.113.7")


def opted_out(user: User) -> bool:
    return User.objects.get(pk=user.pk).opted_out


def bring_in(user: User) -> bool:
    return opt_out.import_opt_out(
        user=user, reason="agreement 17", origin=SYSTEM, actor="staff:command"
    )


def out(user: User) -> User:
    User.objects.filter(pk=user.pk).update(opted_out=True)
    user.refresh_from_db()
    return user


class TestImport:
    def test_is_written_down_and_told(self, alice):
        assert bring_in(alice)
        assert opted_out(alice)
        entry = Entry.objects.get(user=alice)
        assert (entry.event, entry.actor) == ("sls.opted_out", "staff:command")
        assert entry.detail == {"reason": "agreement 17"}
        assert Message.objects.get().name == "opted_out"

    def test_happens_once(self, alice):
        bring_in(alice)
        assert not bring_in(alice)
        assert Entry.objects.filter(user=alice).count() == 1

    @pytest.mark.parametrize("entity", [LegalEntity.HK, LegalEntity.IN])
    def test_is_refused_where_the_regulator_forbids_it(self, entity):
        user = person("hana", mobile="+14155550112")
        account("U2000002", user, equity=1)
        account("U2000001", user, equity=1, entity=entity)
        with pytest.raises(CannotOptOut, match="Hong Kong or India"):
            bring_in(user)
        assert not opted_out(user)

    def test_is_refused_for_staff(self, sam):
        with pytest.raises(CannotOptOut, match="sam is staff"):
            bring_in(sam)

    @pytest.mark.parametrize("entity", [LegalEntity.HK, LegalEntity.IN])
    def test_such_an_account_comes_only_after_the_way_back(self, alice, entity):
        new = ClientAccount.objects.create(number="U2000001", entity=entity)
        with pytest.raises(UnacceptableAccount, match="opt back in first"):
            services.grant(account=new, user=out(alice), role=Role.OWNER)
        assert not Membership.objects.filter(account=new).exists()


class TestBack:
    def test_the_owner_comes_back_at_once(self, alice):
        back = opt_out.opt_back_in(user_id=out(alice).pk, by=alice, origin=HERE)
        assert back == alice
        assert not opted_out(alice)
        entry = Entry.objects.get(user=alice)
        assert (entry.event, entry.actor) == ("sls.opted_back_in", "self")
        assert Message.objects.get().name == "opted_back_in"

    def test_the_owner_brings_a_user_of_the_account_back(self, alice, carol):
        opt_out.opt_back_in(user_id=out(carol).pk, by=alice, origin=HERE)
        assert not opted_out(carol)
        entry = Entry.objects.get(user=carol)
        assert (entry.actor, entry.detail) == ("owner:alice", {"by": "Alice Example"})
        assert Message.objects.get().to == "carol@example.com"

    def test_nobody_else_may(self, alice, carol, bob):
        for stranger in (carol, bob):
            found = opt_out.opt_back_in(user_id=out(carol).pk, by=stranger, origin=HERE)
            assert found is None
        assert opted_out(carol)

    def test_a_trader_may_not_bring_the_owner_back(self, alice, carol):
        assert opt_out.opt_back_in(user_id=out(alice).pk, by=carol, origin=HERE) is None
        assert opted_out(alice)

    def test_a_second_time_changes_nothing(self, alice):
        out(alice)
        for _ in range(2):
            assert opt_out.opt_back_in(user_id=alice.pk, by=alice, origin=HERE) == alice
        assert Entry.objects.filter(user=alice).count() == 1


class TestWho:
    def test_the_owner_sees_whom_they_may_bring_back(self, alice, carol, bob):
        out(carol), out(bob), out(alice)
        assert opt_out.opted_out_of(alice) == [alice, carol]
        assert opt_out.opted_out_of(carol) == []

    def test_others_learn_who_may(self, alice, carol):
        assert opt_out.seen_by(out(carol)) == {"people": [], "who_may": ["Alice Example"]}

    def test_a_joint_owner_is_named_too_and_each_once(self, alice, carol):
        joint = person("june")
        second = account("U2000001", alice, equity=1)
        for one in (ClientAccount.objects.get(number="U1000001"), second):
            services.grant(account=one, user=joint, role=Role.OWNER)
            services.grant(account=one, user=carol, role=Role.TRADER)
        assert opt_out.who_may(carol) == ["Alice Example", "June Example"]

    def test_most_people_cost_one_query(self, alice, counted_queries):
        with counted_queries(1):
            assert opt_out.seen_by(alice) == {"people": [], "who_may": []}


class TestByStaff:
    def back_in(self, user: User) -> bool:
        return opt_out.opt_back_in_by_staff(user=user, reason="T-1", origin=HERE, actor="staff:sam")

    def test_is_done_and_told(self, alice):
        assert self.back_in(out(alice))
        assert not opted_out(alice)
        entry = Entry.objects.get(user=alice)
        assert (entry.event, entry.actor) == ("sls.opted_back_in", "staff:sam")
        assert entry.detail["reason"] == "T-1"
        assert Message.objects.get().name == "opted_back_in"

    def test_whoever_is_in_stays_in(self, alice):
        assert not self.back_in(alice)
        assert not Entry.objects.filter(user=alice).exists()
