"""Who may come in, by what: for any authenticators, order, policy and risk."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls.algorithms.risk import Level, Signal, score
from sls.login import rules
from sls.login.rules import Because, Challenge, Choose, Enrol, Facts, Refuse, Way, Why
from sls.methods.rules import Strength

STRENGTHS = [int(one) for one in Strength]


def phone(**more) -> Way:
    return Way("phone", Strength.TELEPHONE, permanent=False, sent=True, **more)


def app(name="app", **more) -> Way:
    return Way(name, Strength.TYPED_CODE, permanent=True, sent=False, **more)


def passkey(name="passkey", **more) -> Way:
    return Way(name, Strength.PHISHING_RESISTANT, permanent=True, sent=False, **more)


def printed() -> Way:
    return Way("printed", Strength.TYPED_CODE, permanent=False, sent=False)


def facts(*ways, **more) -> Facts:
    return Facts(
        **{"active": True, "frozen": False, "activated": True, "has_number": True, "ways": ways}
        | more
    )


@st.composite
def any_ways(draw) -> list[Way]:
    kinds = st.sampled_from([phone, app, passkey, printed])
    made = draw(st.lists(kinds, max_size=6))
    return [
        Way(
            f"{place}",
            way.strength,
            permanent=way.permanent,
            sent=way.sent,
            position=draw(st.integers(0, 3)),
        )
        for place, way in enumerate(kind() for kind in made)
    ]


any_facts = st.builds(
    Facts,
    active=st.booleans(),
    activated=st.booleans(),
    ways=any_ways(),
    has_number=st.booleans(),
    least=st.sampled_from([0, *STRENGTHS]),
    holds_strong=st.booleans(),
    locked=st.booleans(),
    risk=st.sampled_from(Level),
    lost_own=st.booleans(),
)


def offered(decision) -> list[str]:
    if isinstance(decision, Choose):
        return list(decision.devices)
    return [decision.device] if isinstance(decision, Challenge) else []


@given(any_facts)
def test_offers_nothing_weaker_than_the_policy_demands(given_facts):
    """Except to enrol, which is what ``least`` 0 in the decision says."""
    decision = rules.decide(given_facts)
    strength = {way.id: way.strength for way in given_facts.ways}
    least = getattr(decision, "least", 0)
    assert all(strength[one] >= least for one in offered(decision))
    if least < given_facts.least and offered(decision):
        assert not given_facts.holds_strong
        assert all(one < given_facts.least for one in strength.values())


@given(any_facts)
def test_a_policy_leaves_nobody_without_a_way_to_sign_in_or_to_enrol(given_facts):
    """Whoever came in without the policy comes in with it, unless all that is strong enough was
    disabled: that is support's to undo, as without a policy."""
    free = replace(given_facts, has_number=True, least=0, holds_strong=False)
    decision = rules.decide(given_facts)
    disabled = given_facts.holds_strong and all(
        way.strength < given_facts.least for way in given_facts.ways
    )
    if offered(rules.decide(free)) and not disabled:
        assert offered(decision)


@given(any_facts, st.sets(st.sampled_from(Signal)), st.sampled_from(Signal))
def test_a_signal_never_lowers_what_is_demanded(given_facts, signals, one):
    """Neither compared with one signal less, nor with a sign-in that nobody weighed."""
    levels = [Level.USUAL, score(signals).level, score(signals | {one}).level]
    decisions = [rules.decide(replace(given_facts, risk=level)) for level in levels]
    for before, after in pairwise(decisions):
        if isinstance(before, Refuse):
            assert isinstance(after, Refuse)
        elif isinstance(before, Enrol):
            assert isinstance(after, Enrol)
        else:
            assert set(offered(after)) <= set(offered(before))
            assert getattr(after, "least", before.least) == before.least
            assert getattr(after, "careful", before.careful) >= before.careful


@given(any_facts)
def test_what_is_demanded_is_demanded_again_when_the_answer_is_right(given_facts):
    """Whatever is offered may be used, and what was not offered may not."""
    decision = rules.decide(given_facts)
    if not offered(decision):
        return
    for way in given_facts.ways:
        why = rules.on_completion(
            active=True,
            frozen=False,
            let_in=True,
            strength=way.strength,
            least=given_facts.least,
            holds_strong=given_facts.holds_strong,
            locked=given_facts.locked,
            permanent=way.permanent,
            demanded=decision.careful,
        )
        if why is Why.DONE and not given_facts.least:
            assert way.id in offered(decision)


@given(any_ways())
def test_an_unusual_sign_in_takes_no_text_message_from_who_holds_more(ways):
    found = offered(rules.decide(facts(*ways, risk=Level.STRONGER)))
    own = [way.id for way in ways if way.permanent and way.strength > Strength.TELEPHONE]
    assert sorted(found) == sorted(own or [way.id for way in ways])


@given(any_facts)
def test_offers_only_what_there_is_and_each_once(given_facts):
    found = offered(rules.decide(given_facts))
    assert len(set(found)) == len(found)
    assert set(found) <= {way.id for way in given_facts.ways}


@given(any_ways(), st.integers(0, 5))
def test_preselects_something_offered_and_nothing_printed_if_it_can(ways, place):
    order = rules.offered(ways)
    if not order:
        return
    chosen = rules.preferred(order, f"{place}")
    assert chosen in order
    assert not chosen.is_spare or all(way.is_spare for way in order)
    usual = [way.id for way in order if not way.is_spare]
    if f"{place}" in usual:
        assert chosen.id == f"{place}"


@given(any_ways())
def test_keeps_the_clients_order_among_what_is_permanent(ways):
    def permanent(some):
        return [way for way in some if way.permanent]

    assert permanent(rules.offered(ways)) == permanent(ways)


def test_puts_the_telephone_last_only_behind_something_permanent():
    with_app = rules.offered([phone(), printed(), app()])
    assert [way.id for way in with_app] == ["app", "printed", "phone"]
    assert [way.id for way in rules.offered([printed(), phone()])] == ["phone", "printed"]
    assert rules.is_fallback(phone(), with_app)
    assert not rules.is_fallback(phone(), [phone(), printed()])
    assert not rules.is_fallback(app(), with_app)


@pytest.mark.parametrize(
    ("given_facts", "decision"),
    [
        (facts(phone(), active=False), Refuse(Why.INACTIVE)),
        (facts(), Refuse(Why.NO_METHOD)),
        (facts(activated=False), Enrol()),
        (facts(activated=False, has_number=False), Refuse(Why.NO_NUMBER)),
        (facts(phone()), Challenge("phone")),
        (facts(phone(), app()), Choose(["app", "phone"])),
        # A policy: only what is strong enough.
        (facts(phone(), passkey(), least=40), Challenge("passkey", 40)),
        (facts(app(), passkey("a"), passkey("b"), least=40), Choose(["a", "b"], 40)),
        # Nothing strong enough yet: what there is, to enrol.
        (facts(phone(), least=40), Challenge("phone", 0)),
        (facts(phone(), app(), least=40), Choose(["app", "phone"], 0)),
        # A guesser must not get at the telephone by exhausting the passkey.
        (facts(phone(), least=40, holds_strong=True), Refuse(Why.NO_METHOD)),
        # Nothing to enrol from.
        (facts(least=40), Refuse(Why.NO_METHOD)),
        # A lock leaves the passkey.
        (facts(phone(), app(), locked=True), Refuse(Why.LOCKED)),
        (facts(phone(), passkey(), locked=True), Challenge("passkey", 0, 40)),
        # Unusual: what is one's own.
        (facts(phone(), printed(), app(), risk=Level.STRONGER), Challenge("app", 0, 20)),
        (facts(phone(), risk=Level.ALERT), Challenge("phone")),
        (facts(phone(), printed(), risk=Level.STRONGER), Choose(["phone", "printed"])),
        # A guesser must not get at the telephone by exhausting the app.
        (facts(phone(), risk=Level.STRONGER, lost_own=True), Refuse(Why.UNUSUAL)),
        (facts(phone(), app(), risk=Level.REFUSED), Refuse(Why.UNUSUAL)),
        (facts(phone(), passkey(), risk=Level.REFUSED), Challenge("passkey", 0, 40)),
        (facts(activated=False, risk=Level.REFUSED), Enrol()),
        (facts(activated=False, least=40), Enrol()),
        (facts(phone(), password_demanded=True, on_platform=True), Refuse(Why.PASSWORD_DEMANDED)),
        (facts(phone(), password_demanded=True), Challenge("phone")),
    ],
)
def test_decides(given_facts, decision):
    assert rules.decide(given_facts) == decision


@pytest.mark.parametrize(
    ("active", "strength", "least", "holds_strong", "why"),
    [
        (True, 10, 0, False, Why.DONE),
        (False, 40, 0, True, Why.INACTIVE),
        (True, 10, 40, False, Why.DONE),  # to enrol
        (True, 10, 40, True, Why.TOO_WEAK),
        (True, 40, 40, True, Why.DONE),
    ],
)
def test_decides_anew_when_the_answer_is_right(active, strength, least, holds_strong, why):
    found = rules.on_completion(
        active=active,
        frozen=False,
        let_in=True,
        strength=strength,
        least=least,
        holds_strong=holds_strong,
    )
    assert found is why


def test_refuses_a_right_answer_from_outside_the_list():
    facts = {"active": True, "frozen": False, "strength": 40, "least": 0, "holds_strong": False}
    assert rules.on_completion(let_in=False, **facts) is Why.ADDRESS


@given(any_facts)
def test_offers_nothing_while_everything_is_stopped(given_facts):
    decided = rules.decide(replace(given_facts, frozen=True))
    assert decided == Refuse(Why.FROZEN if given_facts.active else Why.INACTIVE)


@given(any_ways())
def test_offers_nothing_outside_the_list(ways):
    assert rules.decide(facts(*ways, let_in=False)) == Refuse(Why.ADDRESS)


@given(any_ways(), st.sampled_from([0, *Strength]))
def test_asks_at_the_door_for_the_strongest_there_is_and_no_other(ways, lost):
    asked = rules.at_the_door(ways, lost=lost)
    best = max((way.strength for way in ways), default=0)
    assert {way.strength for way in asked} <= {best}
    if best < lost:
        assert not asked
    else:
        assert len(asked) == sum(way.strength == best for way in ways)


@pytest.mark.parametrize(
    ("ways", "asked", "used_here", "why"),
    [
        ([app()], "app", "app", Because.ONLY),
        ([app(), phone()], "app", "app", Because.HERE),
        ([app(), phone()], "phone", "phone", Because.HERE),
        ([app(), phone()], "phone", "app", Because.CHOSEN),
        ([app(position=1), phone()], "app", "", Because.FIRST),
        ([app(position=2), phone(position=1)], "app", "", Because.SAFEST),
        ([app(), phone()], "app", "", Because.SAFEST),
        ([app("a"), app("b")], "a", "", Because.CHOSEN),
        ([app("a"), printed()], "printed", "printed", Because.CHOSEN),
    ],
)
def test_knows_why_it_asks(ways, asked, used_here, why):
    found = rules.because(ways, asked, used_here=used_here, by_policy=False)
    assert found is why


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"frozen": True}, Why.FROZEN),
        ({"frozen": True, "locked": True, "strength": 40}, Why.FROZEN),
        ({"locked": True}, Why.LOCKED),
        ({"locked": True, "strength": 40}, Why.DONE),
        ({"demanded": 20}, Why.UNUSUAL),
        ({"demanded": 20, "strength": 20}, Why.DONE),
        ({"demanded": 20, "strength": 20, "permanent": False}, Why.UNUSUAL),
        ({"demanded": 40, "strength": 20}, Why.UNUSUAL),
    ],
)
def test_refuses_at_the_end_what_was_locked_or_became_unusual(more, why):
    given_facts = {"active": True, "frozen": False, "let_in": True, "strength": 10, "least": 0}
    given_facts |= {"holds_strong": False} | more
    assert rules.on_completion(**given_facts) is why


def test_names_the_policy_before_every_other_reason():
    found = rules.because([passkey()], "passkey", used_here="passkey", by_policy=True)
    assert found is Because.POLICY
