"""Several owners of one account, and several user names of one owner."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.ceilings import services as ceilings
from accounts.ceilings.models import Ceiling
from accounts.ceilings.rules import Kind
from accounts.client_accounts import algorithms, rules
from accounts.client_accounts.models import ClientAccount, Membership, Role
from accounts.client_accounts.services import grant
from accounts.freeze.models import How, Trading
from accounts.freeze.services import freeze
from accounts.origin import SYSTEM
from accounts.outbox.models import Channel, Message
from accounts.users.models import User
from tests.attacks.tools import at_once
from tests.cast import person

NUMBER = "U1000001"
CEILING, ALGORITHMS = f"/settings/trading/ceilings/{NUMBER}/", "/settings/trading/algorithms/"


def there() -> ClientAccount:
    return ClientAccount.objects.get(number=NUMBER)


def of(user: User) -> dict:
    return {"number": NUMBER, "by": user.pk, "origin": SYSTEM}


def raised(user: User) -> list[Kind]:
    """A ceiling of 50,000, and what of a raise to 60,000 by the user is to come."""
    asked = {"account": there(), "by": user.pk, "origin": SYSTEM}
    ceilings.change(**asked, wanted={Kind.ORDER: 50_000}, proven=False)
    return ceilings.change(**asked, wanted={Kind.ORDER: 60_000}, proven=True).raised


def last(user: User, event: Event) -> Entry:
    return Entry.objects.filter(user=user, event=event).latest("number")


@pytest.fixture
def second(alice) -> User:
    """Another user name of Alice, an owner as well."""
    user = person("alice2", mobile="+14155550177")
    User.objects.filter(pk__in=(alice.pk, user.pk)).update(person="P-1")
    grant(account=there(), user=user, role=Role.OWNER)
    return user


class TestAnotherOwnerStopsEverything:
    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture(autouse=True)
    def _others(self, alice, bob, carol):
        """Bob owns the account as well; Carol trades, Erin is its security officer."""
        grant(account=there(), user=bob, role=Role.OWNER)
        self.erin = person("erin", mobile="+14155550144")
        grant(account=there(), user=self.erin, role=Role.SECURITY_OFFICER)

    def stop(self, user: User) -> None:
        freeze(user_id=user.pk, origin=SYSTEM, how=How.LINK, trading=Trading.NOTHING)

    def test_every_owner_reads_and_hears_that_a_raise_was_dropped(self, alice, bob, carol, sign_in):
        assert raised(alice) == [Kind.ORDER]
        Message.objects.all().delete()
        self.stop(alice)
        assert Ceiling.objects.get().turns_at is None
        entry = last(bob, Event.CEILING_KEPT)
        assert (entry.actor, entry.detail["why"]) == ("system", "owner_frozen")
        assert entry.detail["account"] == NUMBER
        assert last(alice, Event.CEILING_KEPT).detail["why"] == "frozen"
        kept = Entry.objects.filter(event=Event.CEILING_KEPT)
        assert {one.user for one in kept} == {alice, bob}
        assert Message.objects.filter(name="ceiling", user=bob, channel=Channel.EMAIL).exists()
        page = sign_in(Client(), bob).get("/activity/").content.decode()
        assert "Another owner of the account stopped everything." in page
        assert audit.verify(bob) is None

    def test_everybody_who_looks_after_it_reads_that_it_was_shut(self, alice, bob, carol):
        algorithms.mark(**of(alice))
        algorithms.open_money(**of(bob))
        self.stop(alice)
        shut = Entry.objects.filter(event=Event.ALGORITHMS_SHUT)
        assert {one.user for one in shut} == {alice, bob, self.erin}
        for user in (bob, self.erin):
            assert last(user, Event.ALGORITHMS_SHUT).detail["why"] == "owner_frozen"

    def test_nothing_is_told_where_nothing_was_dropped(self, alice, bob):
        self.stop(alice)
        events = [Event.CEILING_KEPT, Event.ALGORITHMS_SHUT]
        assert not Entry.objects.filter(event__in=events).exists()

    def test_two_owners_stop_everything_at_the_same_moment(self, alice, bob):
        raised(alice)
        algorithms.mark(**of(alice))
        algorithms.open_money(**of(alice))
        at_once(2, lambda number: self.stop((alice, bob)[number]))
        assert User.objects.filter(frozen_at__isnull=False).count() == 2
        assert Ceiling.objects.get().turns_at is None
        for user in (alice, bob):
            assert last(user, Event.CEILING_KEPT)
            assert audit.verify(user) is None


@pytest.mark.django_db
class TestASecondUserName:
    @pytest.mark.parametrize(
        ("role", "second_name", "may"),
        [
            (rules.OWNER, False, True),
            (rules.OWNER, True, False),
            (rules.OFFICER, False, False),
            (rules.TRADER, False, False),
        ],
    )
    def test_lets_nothing_more_be_done(self, role, second_name, may):
        assert rules.may_let_more(role, second_name=second_name) is may

    def test_lowers_and_keeps_and_never_raises(self, alice, second):
        assert raised(second) == []
        assert Ceiling.objects.get().value == 50_000
        assert Ceiling.objects.get().turns_at is None
        assert raised(alice) == [Kind.ORDER]
        assert ceilings.keep(account=there(), by=second.pk, origin=SYSTEM)

    def test_sets_apart_and_shuts_and_never_opens(self, alice, second, clock):
        assert algorithms.mark(**of(second))
        assert not algorithms.open_money(**of(second))
        assert algorithms.open_money(**of(alice))
        clock.shift(timedelta(hours=24))
        assert not algorithms.unmark(**of(second))
        assert there().for_algorithms
        assert algorithms.shut_money(**of(second))

    def test_is_told_so_on_the_pages_before_any_proof(self, client, second, sign_in):
        sign_in(client, second)
        said = "Whatever lets more be done here takes the first of your user names"
        client.post(CEILING, {"order": "50000"})
        page = client.post(CEILING, {"order": "60000"}, follow=True).content.decode()
        assert said in page
        page = client.post(f"{CEILING}raise/", {"order": "60000"}, follow=True).content.decode()
        assert said in page
        client.post(f"{ALGORITHMS}{NUMBER}/mark/")
        page = client.get(ALGORITHMS).content.decode()
        assert said in page
        assert f"{ALGORITHMS}{NUMBER}/open/" not in page
        for what in ("open", "unmark"):
            page = client.post(f"{ALGORITHMS}{NUMBER}/{what}/", follow=True).content.decode()
            assert said in page
        assert there().money_opens_at is None
        assert Ceiling.objects.get().turns_at is None

    def test_of_another_account_is_an_owner_like_any(self, second, alice):
        Membership.objects.filter(user=alice).delete()
        assert raised(second) == [Kind.ORDER]
        assert algorithms.mark(**of(second))
        assert algorithms.open_money(**of(second))
