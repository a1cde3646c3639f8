"""A change on trial, confirmed, taken back by a person or by the clock; removals that wait."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.ip_restrictions import deciding, services
from accounts.ip_restrictions.models import Restriction
from accounts.ip_restrictions.rules import Refusal, State
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.users.models import User
from tests.accounts.ip_restrictions.lists import HOME, HOTEL, draft, restrict, states
from tests.attacks.tools import at_once

pytestmark = pytest.mark.django_db


def let_in(user: User, origin: Origin) -> bool:
    return deciding.decide(user=User.objects.get(pk=user.pk), origin=origin).is_let_in


def events(user: User) -> list[str]:
    return list(Entry.objects.filter(user=user).order_by("number").values_list("event", flat=True))


def apply(user: User, *, by: User | None = None, origin: Origin = HOME, typed: str = ""):
    return services.apply(user=user, by=by or user, origin=origin, typed=typed)


def confirm(user: User, *, by: User | None = None, origin: Origin = HOME, after: float = 1):
    opened_at = timezone.now() + timedelta(seconds=after)
    return services.confirm(user=user, by=by or user, opened_at=opened_at, origin=origin)


def remove(user: User, network: str, *, origin: Origin = HOME, typed: str = ""):
    pk = Restriction.objects.get(user=user, network=network).pk
    return services.remove(user=user, pk=pk, by=user, origin=origin, typed=typed)


class TestApply:
    def test_is_in_force_at_once(self, alice):
        draft(alice, "203.0.113.7")
        assert apply(alice) is None
        assert let_in(alice, HOME)
        assert not let_in(alice, HOTEL)

    def test_is_written_down_and_told(self, alice):
        draft(alice, "203.0.113.7")
        apply(alice)
        entry = Entry.objects.get(user=alice)
        assert (entry.event, entry.actor) == ("ip.applied", "self")
        assert entry.detail == {"by": alice.name, "entries": 1}
        assert Message.objects.get().name == "ip_applied"

    def test_needs_something_drafted(self, alice):
        assert apply(alice) is Refusal.NOTHING_DRAFTED

    def test_refuses_to_shut_out_the_one_who_makes_it(self, alice):
        draft(alice, "203.0.113.7")
        for typed in ("", "yes", "203.0.113.7"):
            assert apply(alice, origin=HOTEL, typed=typed) is Refusal.TYPE_ADDRESS
        assert let_in(alice, HOTEL)
        assert apply(alice, origin=HOTEL, typed=" 198.51.100.20 ") is None
        assert not let_in(alice, HOTEL)

    def test_is_one_change_at_a_time(self, alice):
        draft(alice, "203.0.113.7")
        apply(alice)
        draft(alice, "203.0.113.8")
        assert apply(alice) is Refusal.ON_TRIAL

    def test_a_manager_types_nothing_for_a_trader(self, alice, carol):
        draft(carol, "203.0.113.7", by=alice)
        assert apply(carol, by=alice, origin=HOTEL) is None
        entry = Entry.objects.get(user=carol)
        assert entry.actor == "manager:alice"
        assert entry.detail["by"] == alice.name


class TestTrial:
    def test_ends_after_ten_minutes_without_anybody_writing_it_down(self, alice, clock):
        draft(alice, "203.0.113.7")
        apply(alice)
        clock.shift(599)
        assert not let_in(alice, HOTEL)
        clock.shift(1)
        assert let_in(alice, HOTEL)
        assert states(alice) == {"203.0.113.7": State.PROVISIONAL}

    def test_is_written_down_by_the_sweep(self, alice, clock):
        draft(alice, "203.0.113.7")
        apply(alice)
        clock.shift(601)
        assert services.settle_all() == 1
        assert states(alice) == {"203.0.113.7": State.PENDING}
        assert events(alice) == ["ip.applied", "ip.taken_back"]
        assert Message.objects.filter(name="ip_taken_back").exists()
        assert User.objects.get(pk=alice.pk).restrictions == ""
        assert services.settle_all() == 0

    def test_goes_back_to_the_list_there_was(self, alice, clock):
        restrict(alice, "203.0.113.7")
        draft(alice, "198.51.100.0/24")
        apply(alice)
        assert let_in(alice, HOTEL)
        clock.shift(601)
        assert not let_in(alice, HOTEL)
        assert let_in(alice, HOME)

    def test_is_confirmed_by_a_session_opened_after_it(self, alice, clock):
        draft(alice, "203.0.113.7")
        apply(alice)
        assert confirm(alice) is None
        clock.shift(3600)
        services.settle_all()
        assert not let_in(alice, HOTEL)
        assert states(alice) == {"203.0.113.7": State.ACTIVE}
        assert events(alice) == ["ip.applied", "ip.confirmed"]

    def test_is_not_confirmed_by_a_session_from_before(self, alice):
        draft(alice, "203.0.113.7")
        apply(alice)
        assert confirm(alice, after=-5) is Refusal.OLD_SESSION

    def test_is_not_confirmed_from_an_address_that_only_the_door_lets_in(self, alice):
        draft(alice, "203.0.113.7")
        apply(alice)
        assert confirm(alice, origin=HOTEL) is Refusal.NOT_FROM_LIST

    def test_is_not_confirmed_too_late(self, alice, clock):
        draft(alice, "203.0.113.7")
        apply(alice)
        clock.shift(600)
        assert confirm(alice) is Refusal.NOT_ON_TRIAL
        assert states(alice) == {"203.0.113.7": State.PENDING}

    def test_of_a_trader_is_confirmed_by_whoever_set_it(self, alice, carol):
        draft(carol, "203.0.113.7", by=alice)
        apply(carol, by=alice, origin=HOTEL)
        assert confirm(carol, by=alice, origin=HOTEL, after=-5) is Refusal.OLD_SESSION
        assert confirm(carol, by=alice, origin=HOTEL) is None

    def test_is_taken_back_by_a_person_at_once(self, alice):
        draft(alice, "203.0.113.7")
        apply(alice)
        assert services.take_back(user=alice, by=alice, origin=HOME) is None
        assert let_in(alice, HOTEL)
        assert states(alice) == {"203.0.113.7": State.PENDING}
        assert services.take_back(user=alice, by=alice, origin=HOME) is Refusal.NOT_ON_TRIAL


class TestRemove:
    def test_narrows_at_once_while_others_stay(self, alice, clock):
        restrict(alice, "203.0.113.7", "198.51.100.20")
        assert remove(alice, "198.51.100.20") is None
        assert not let_in(alice, HOTEL)
        assert states(alice)["198.51.100.20"] == State.LEAVING

    def test_is_on_trial_like_every_change(self, alice, clock):
        restrict(alice, "203.0.113.7", "198.51.100.20")
        remove(alice, "198.51.100.20")
        clock.shift(600)
        assert let_in(alice, HOTEL)
        services.settle_all()
        assert states(alice)["198.51.100.20"] == State.ACTIVE

    def test_is_for_good_once_confirmed(self, alice, clock):
        restrict(alice, "203.0.113.7", "198.51.100.20")
        remove(alice, "198.51.100.20")
        assert confirm(alice) is None
        clock.shift(3600)
        assert not let_in(alice, HOTEL)
        assert states(alice)["198.51.100.20"] == State.REMOVED

    def test_refuses_to_shut_out_the_one_who_does_it(self, alice):
        restrict(alice, "203.0.113.7", "198.51.100.20")
        assert remove(alice, "198.51.100.20", origin=HOTEL) is Refusal.TYPE_ADDRESS
        assert remove(alice, "198.51.100.20", origin=HOTEL, typed=HOTEL.address) is None

    def test_waits_a_day_where_it_would_open_the_list(self, alice, clock):
        restrict(alice, "203.0.113.7")
        assert remove(alice, "203.0.113.7") is None
        assert events(alice)[-1] == "ip.leaves"
        assert Message.objects.filter(name="ip_leaves").exists()
        clock.shift(24 * 3600 - 1)
        assert not let_in(alice, HOTEL)
        clock.shift(1)
        assert let_in(alice, HOTEL)
        services.settle_all()
        assert states(alice) == {"203.0.113.7": State.REMOVED}
        assert events(alice)[-1] == "ip.removed"
        assert User.objects.get(pk=alice.pk).restrictions == ""

    def test_waits_for_one_platform_too(self, alice):
        restrict(alice, "203.0.113.7", platform="tws")
        restrict(alice, "203.0.113.8", platform="web")
        remove(alice, "203.0.113.7")
        assert Restriction.objects.get(network="203.0.113.7").state == State.ACTIVE
        assert events(alice)[-1] == "ip.leaves"

    def test_two_removals_one_after_the_other_do_not_get_round_the_delay(self, alice, clock):
        restrict(alice, "203.0.113.7", "203.0.113.8")
        remove(alice, "203.0.113.8")
        confirm(alice)
        remove(alice, "203.0.113.7")
        clock.shift(3600)
        assert not let_in(alice, HOTEL)

    def test_what_is_announced_to_go_holds_no_list_open(self, alice, clock):
        restrict(alice, "203.0.113.7")
        remove(alice, "203.0.113.7")
        draft(alice, "203.0.113.8")
        apply(alice)
        confirm(alice)
        remove(alice, "203.0.113.8")
        clock.shift(24 * 3600 - 1)
        assert not let_in(alice, HOTEL)

    def test_is_cancelled_in_its_delay_at_once(self, alice, clock):
        restrict(alice, "203.0.113.7")
        remove(alice, "203.0.113.7")
        pk = Restriction.objects.get().pk
        assert services.keep(user=alice, pk=pk, by=alice, origin=HOME) is None
        clock.shift(48 * 3600)
        services.settle_all()
        assert not let_in(alice, HOTEL)
        assert services.keep(user=alice, pk=pk, by=alice, origin=HOME) is Refusal.GONE

    def test_takes_nothing_of_somebody_else(self, alice, bob):
        restrict(alice, "203.0.113.7")
        pk = Restriction.objects.get().pk
        assert services.remove(user=bob, pk=pk, by=bob, origin=HOME) is Refusal.GONE


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_of_two_confirmations_one_counts(self, alice):
        draft(alice, "203.0.113.7")
        apply(alice)
        answers = at_once(8, lambda _: confirm(alice))
        assert answers.count(None) == 1
        assert set(answers) == {None, Refusal.NOT_ON_TRIAL}
        assert events(alice) == ["ip.applied", "ip.confirmed"]

    def test_of_two_applications_one_counts(self, alice):
        draft(alice, "203.0.113.7")
        answers = at_once(8, lambda _: apply(alice))
        assert answers.count(None) == 1
        assert events(alice) == ["ip.applied"]

    def test_a_confirmation_and_a_taking_back_leave_one_of_both(self, alice):
        draft(alice, "203.0.113.7")
        apply(alice)

        def act(number: int):
            if number % 2:
                return confirm(alice)
            return services.take_back(user=alice, by=alice, origin=HOME)

        assert at_once(6, act).count(None) == 1
        assert events(alice)[1:] in (["ip.confirmed"], ["ip.taken_back"])

    def test_two_removals_of_the_last_two_entries_open_nothing_at_once(self, alice):
        restrict(alice, "203.0.113.7", "203.0.113.8")
        networks = ["203.0.113.7", "203.0.113.8"]
        at_once(2, lambda number: remove(alice, networks[number], typed=HOME.address))
        assert not let_in(alice, HOTEL)
