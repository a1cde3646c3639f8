"""The one decision, from plain values."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.ceilings.rules import Breach
from accounts.client_accounts.rules import MAY, OFFERS, Right, narrowed
from sls.decisions.rules import Action, Decision, Facts, Money, Outcome, Reason, decide
from sls.withdrawals.rules import Limit, Spent

NOW = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
TABLE = {
    "none": Limit(Decimal(50_000), Decimal(100_000)),
    "sms": Limit(Decimal(200_000), Decimal(600_000)),
    "ib_key": Limit(Decimal(1_000_000), Decimal(1_000_000)),
    "dsc_plus": Limit(None, None),
}


def facts(**changed: object) -> Facts:
    usual = {
        "platform": "web",
        "may": MAY["owner"],
        "offered": OFFERS["web"],
        "method": "sms",
        "held": {"dsc_plus": False, "ib_key": True, "sms": True},
    }
    return Facts(**usual | changed)


def money(amount: int, *, spent: int = 0) -> Money:
    gone = Spent(Decimal(spent), Decimal(spent))
    return Money(Decimal(amount), gone, TABLE, Decimal(100_000))


def withdraw(amount: int, *, spent: int = 0, **changed: object) -> Decision:
    return decide(Action.WITHDRAW, facts(**changed), now=NOW, money=money(amount, spent=spent))


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize("platform", OFFERS)
@pytest.mark.parametrize("action", Action)
def test_nothing_is_allowed_that_role_or_interface_does_not_give(role, platform, action):
    known = facts(may=MAY[role], offered=OFFERS[platform], platform=platform, proof="dsc_plus")
    wants_money = money(10) if action is Action.WITHDRAW else None
    decision = decide(action, known, now=NOW, money=wants_money)
    gives = Right(action.right) in MAY[role] & OFFERS[platform]
    assert (decision.outcome is not Outcome.REFUSED) == gives
    if not gives:
        assert decision.reason in (Reason.ROLE, Reason.INTERFACE)


def test_money_takes_a_proof_of_its_own_whatever_opened_the_session():
    decision = withdraw(10, method="dsc_plus")
    assert (decision.outcome, decision.reason) == (Outcome.STEP_UP, Reason.PROOF)
    assert decision.methods == ["dsc_plus", "ib_key", "sms"]


@pytest.mark.parametrize(
    ("amount", "methods"),
    [
        (200_000, ["dsc_plus", "ib_key", "sms"]),
        (200_001, ["dsc_plus", "ib_key"]),
        (1_000_001, ["dsc_plus"]),
    ],
)
def test_the_limit_says_which_proofs_would_do(amount, methods):
    assert withdraw(amount).methods == methods


def test_a_proof_that_is_too_weak_for_the_amount_asks_for_another():
    decision = withdraw(300_000, proof="sms")
    assert (decision.outcome, decision.reason) == (Outcome.STEP_UP, Reason.LIMIT)
    assert withdraw(300_000, proof="dsc_plus").outcome is Outcome.ALLOWED


def test_what_left_before_counts():
    assert withdraw(150_000, proof="sms").outcome is Outcome.ALLOWED
    assert withdraw(150_000, proof="sms", spent=60_000).reason is Reason.LIMIT


def test_whoever_holds_nothing_that_reaches_so_far_is_refused():
    decision = withdraw(200_001, held={"sms": True}, proof="sms")
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, Reason.LIMIT)
    assert decision.left.day == 200_000


def test_a_phone_does_not_prove_alone_what_it_asks_for():
    phone = {"platform": "mobile_ios", "offered": OFFERS["mobile_ios"]}
    assert withdraw(99_999, **phone, proof="ib_key").outcome is Outcome.ALLOWED
    decision = withdraw(100_000, **phone, proof="ib_key")
    assert (decision.outcome, decision.reason) == (Outcome.STEP_UP, Reason.PHONE)
    assert decision.methods == ["dsc_plus"]
    assert withdraw(100_000, proof="ib_key").outcome is Outcome.ALLOWED


def test_a_hold_comes_before_every_proof_and_a_freeze_has_no_end():
    until = NOW + timedelta(hours=5)
    decision = withdraw(10, holds=[until], proof="dsc_plus")
    assert (decision.outcome, decision.until) == (Outcome.HELD, until)
    assert withdraw(10, holds=[until, None]).until is None
    assert withdraw(10, holds=[NOW], proof="sms").outcome is Outcome.ALLOWED


def test_what_is_taken_off_a_phone_is_off_it_and_nowhere_else():
    for only, no_money, left in (
        (False, False, ["view", "order", "withdraw"]),
        (False, True, ["view", "order"]),
        (True, False, ["view"]),
        (True, True, ["view"]),
    ):
        for platform in OFFERS:
            off = narrowed(platform, views_only=only, moves_no_money=no_money)
            known = facts(
                platform=platform, offered=OFFERS[platform], narrowed=off, proof="dsc_plus"
            )
            allowed = [
                action.value
                for action in (Action.VIEW, Action.ORDER, Action.WITHDRAW)
                if decide(action, known, now=NOW, money=money(10)).outcome is Outcome.ALLOWED
            ]
            if platform.startswith("mobile"):
                assert allowed == left
            else:
                assert not off
    phone = {"platform": "mobile_ios", "offered": OFFERS["mobile_ios"], "narrowed": {"fund"}}
    assert withdraw(10, **phone, proof="dsc_plus").reason is Reason.NARROWED


def test_no_money_leaves_an_account_for_algorithms_before_it_opens():
    apart = {"for_algorithms": True, "proof": "dsc_plus"}
    decision = withdraw(10, **apart)
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, Reason.ALGORITHMS)
    opens = NOW + timedelta(seconds=1)
    decision = withdraw(10, **apart, opens_at=opens)
    assert (decision.outcome, decision.reason) == (Outcome.HELD, Reason.ALGORITHMS)
    assert decision.until == opens
    assert withdraw(10, **apart, opens_at=opens, holds=[opens + timedelta(1)]).until > opens
    assert withdraw(10, **apart, opens_at=opens, holds=[None]).until is None
    assert withdraw(10, **apart, opens_at=NOW).outcome is Outcome.ALLOWED
    known = facts(for_algorithms=True)
    assert decide(Action.ORDER, known, now=NOW).outcome is Outcome.ALLOWED


def test_the_kill_switch_stops_programs_and_leaves_people():
    stopped = {"automation_stopped": True}
    orders = facts(platform="api", offered=OFFERS["api"], **stopped)
    assert decide(Action.ORDER, orders, now=NOW).reason is Reason.STOPPED
    assert decide(Action.VIEW, orders, now=NOW).outcome is Outcome.ALLOWED
    assert decide(Action.ORDER, facts(**stopped), now=NOW).outcome is Outcome.ALLOWED


def test_a_session_that_leads_to_enrolment_leads_nowhere_else():
    assert decide(Action.VIEW, facts(enrol_only=True), now=NOW).reason is Reason.ENROL
    known = facts(password_demanded=True)
    assert decide(Action.VIEW, known, now=NOW).reason is Reason.PASSWORD


def test_whoever_opted_out_has_the_limit_of_no_factor():
    assert withdraw(50_001, opted_out=True, proof="dsc_plus").reason is Reason.LIMIT


def test_a_withdrawal_without_an_amount_is_a_fault():
    with pytest.raises(ValueError, match="amount"):
        decide(Action.WITHDRAW, facts(), now=NOW)


@pytest.mark.parametrize("why", Breach)
def test_an_order_above_a_ceiling_is_refused_with_its_reason(why):
    above = facts(breach=why)
    decision = decide(Action.ORDER, above, now=NOW)
    assert (decision.outcome, decision.reason.value) == (Outcome.REFUSED, why.value)
    # What is not permitted at all comes first, then what waits.
    assert decide(Action.ORDER, facts(breach=why, may=()), now=NOW).reason is Reason.ROLE
    until = NOW + timedelta(hours=1)
    assert decide(Action.ORDER, facts(breach=why, holds=[until]), now=NOW).until == until
