from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.alerts.facts import _TRANSACTIONS
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.cases.models import Case
from accounts.cases.models import Kind as CaseKind
from accounts.freeze import services as freezes
from accounts.freeze.models import How, Trading
from accounts.holds import services as holds
from accounts.holds.models import Hold, What, Why
from accounts.outbox.models import Channel, Message
from accounts.transactions import listing, services
from accounts.transactions.models import Kind, Transaction
from accounts.transactions.rules import State
from tests.accounts.transactions.conftest import DESK, HERE, flagged

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24)


def held(user) -> Hold | None:
    return holds.held(user_id=user.pk, what=What.WITHDRAWALS, now=timezone.now())


def test_flagging_holds_withdrawals_and_asks_by_mail_and_text(alice, hers):
    assert held(alice).why == Why.TRANSACTION
    assert held(alice).until is None
    entry = Entry.objects.get(event=Event.TRANSACTION_FLAGGED)
    assert (entry.user, entry.actor) == (alice, "system")
    told = {one.channel: one for one in Message.objects.filter(name="transaction_flagged")}
    assert set(told) == {Channel.EMAIL, Channel.SMS}
    for message in told.values():
        content = str(message.content())
        assert "USD 25,000.00" in content
        # Whom it was for stays in the portal.
        assert "Nowhere" not in content
    assert audit.verify(alice) is None


def test_a_system_that_says_it_twice_asks_once(alice):
    first, second = (flagged(alice, external="fraud-77") for _ in range(2))
    assert first == second
    assert Transaction.objects.count() == Hold.objects.count() == 1
    assert Message.objects.filter(name="transaction_flagged", channel="email").count() == 1


@pytest.mark.parametrize(
    "changes", [{"what": " \u202e"}, {"account": "U1000002"}, {"account": "U9999999"}]
)
def test_nothing_is_said_of_somebody_elses_account(alice, bob, changes):
    with pytest.raises(ValueError, match=r"nothing said|no account"):
        flagged(alice, **changes)
    assert not Hold.objects.exists()


def test_an_id_stands_for_one_clients_transaction(alice, bob):
    flagged(alice, external="fraud-77")
    with pytest.raises(ValueError, match="another client"):
        flagged(bob, external="fraud-77", account="U1000002")


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN"])
def test_nothing_is_no_amount(alice, amount):
    with pytest.raises(ValueError, match="amount"):
        flagged(alice, amount=Decimal(amount))
    assert not Hold.objects.exists()


def test_what_it_is_for_is_one_clean_line(alice):
    what = "Card 4111 1111 1111 1111\r\n\u202eevil\x00 " + "x" * 300
    made = flagged(alice, what=what)
    assert made.what.startswith("Card …1111 evil x")
    assert len(made.what) == 120


def test_mine_lets_it_go_on(alice, hers):
    assert services.confirm(made=hers, origin=HERE)
    hers.refresh_from_db()
    assert hers.state is State.MINE
    assert held(alice) is None
    assert Entry.objects.get(event=Event.TRANSACTION_MINE).user == alice
    assert Message.objects.filter(name="transaction_mine").count() == 2


def test_mine_lifts_no_other_hold(alice, hers):
    other = flagged(alice)
    Hold.objects.create(
        user=alice,
        what=What.WITHDRAWALS,
        why=Why.EMAIL,
        since=timezone.now(),
        until=timezone.now() + DAY,
        entry=hers.entry,
    )
    services.confirm(made=hers, origin=HERE)
    assert held(alice).why == Why.TRANSACTION
    services.confirm(made=other, origin=HERE)
    assert held(alice).why == Why.EMAIL


def test_not_mine_keeps_it_held_and_opens_a_case(alice, hers):
    assert services.refuse(made=hers, origin=HERE)
    hers.refresh_from_db()
    assert hers.state is State.NOT_MINE
    assert held(alice).why == Why.TRANSACTION
    case = Case.objects.get()
    assert (case.user, case.kind, hers.case) == (alice, CaseKind.TRANSACTION, case)
    assert "USD 25000.00" in case.letters.get().text
    entry = Entry.objects.get(event=Event.TRANSACTION_NOT_MINE)
    assert entry.detail["case"] == case.reference
    assert audit.verify(alice) is None


@pytest.mark.parametrize("first", ["confirm", "refuse"])
@pytest.mark.parametrize("second", ["confirm", "refuse"])
def test_one_answer_counts(alice, hers, first, second):
    stale = Transaction.objects.get(pk=hers.pk)
    assert getattr(services, first)(made=hers, origin=HERE)
    assert not getattr(services, second)(made=stale, origin=HERE)
    hers.refresh_from_db()
    assert hers.state is (State.MINE if first == "confirm" else State.NOT_MINE)


def test_silence_keeps_the_hold(alice, hers, clock):
    clock.shift(DAY.total_seconds() + 1)
    assert services.expire_due() == 1
    assert services.expire_due() == 0
    hers.refresh_from_db()
    assert hers.stored == State.UNANSWERED
    assert held(alice).why == Why.TRANSACTION
    assert Message.objects.filter(name="transaction_unanswered").count() == 1
    assert Entry.objects.get(event=Event.TRANSACTION_UNANSWERED).actor == "system"
    clock.shift(DAY.total_seconds() * 365)
    assert held(alice).why == Why.TRANSACTION


def test_after_its_time_it_is_refused_but_not_confirmed(alice, hers, clock):
    clock.shift(DAY.total_seconds())
    assert hers.state is State.UNANSWERED
    assert not services.confirm(made=hers, origin=HERE)  # though nobody has said so yet
    assert held(alice)
    services.expire_due()
    assert services.refuse(made=hers, origin=HERE)


def test_staff_release_what_was_not_answered(alice, hers, sam, clock):
    clock.shift(DAY.total_seconds() + 1)
    services.expire_due()
    assert services.release(made=hers, staff=sam, origin=DESK, reason=" T-1\nproven ")
    hers.refresh_from_db()
    assert (hers.state, hers.reason) == (State.RELEASED, "T-1 proven")
    assert held(alice) is None
    entry = Entry.objects.get(event=Event.TRANSACTION_RELEASED)
    assert (entry.actor, entry.detail["staff"]) == ("staff:sam", "Sam")
    assert not services.release(made=hers, staff=sam, origin=DESK, reason="again")


def test_staff_never_release_what_the_client_refused(alice, hers, sam):
    services.refuse(made=hers, origin=HERE)
    assert not services.release(made=hers, staff=sam, origin=DESK, reason="they asked me to")
    assert held(alice)


def test_a_thaw_does_not_lift_it(alice, hers):
    freezes.freeze(user_id=alice.pk, origin=HERE, how=How.PAGE, trading=Trading.NONE)
    freezes.thaw(user_id=alice.pk, origin=DESK, by="staff:sam+staff:tess")
    assert held(alice).why == Why.TRANSACTION


def test_a_change_of_contact_does_not_shorten_it(alice, hers):
    holds.place(entry=hers.entry, what=What.WITHDRAWALS, why=Why.PHONE)
    assert Hold.objects.filter(user=alice).count() == 2
    assert held(alice).until is None


def test_lists_are_of_their_client_and_paged(alice, bob, hers, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 1)
    newer = flagged(alice)
    of_bob = flagged(bob, account="U1000002")
    first = listing.of_owner(alice)
    assert first.rows == [newer]
    assert listing.of_owner(alice, after=first.more).rows == [hers]
    assert listing.of_owner(alice, after="' or 1").rows == [newer]
    assert listing.in_hand().rows == [of_bob]
    assert listing.find(hers.shown, user=bob) is None
    assert listing.find(hers.shown, user=alice) == hers


def test_alerts_call_the_kinds_as_the_pages_do():
    assert {one.value: str(one.label) for one in Kind} == {
        value: str(label) for value, label in _TRANSACTIONS.items()
    }
