"""How strong a proof has to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls.methods.rules import Strength
from sls.step_up.acts.table import ACTS
from sls.step_up.rules import GRANTED, TABLE, needed

actions = st.sampled_from(sorted(TABLE))
anything = st.sets(st.sampled_from(Strength))


@given(actions, anything)
def test_it_never_falls_below_the_table_when_the_client_holds_enough(action, held):
    if any(strength >= TABLE[action].least for strength in held):
        assert needed(action, held) == TABLE[action].least


@given(actions, anything)
def test_it_never_asks_for_what_the_client_cannot_do_while_something_weaker_is_permitted(
    action, held
):
    if any(strength >= TABLE[action].floor for strength in held):
        assert any(strength >= needed(action, held) for strength in held)


@given(actions, anything)
def test_it_takes_no_less_than_the_best_there_is_up_to_the_table(action, held):
    asked = needed(action, held)
    assert TABLE[action].floor <= asked <= TABLE[action].least
    assert not any(asked < strength <= TABLE[action].least for strength in held)


@given(actions, anything, anything)
def test_it_never_falls_when_a_factor_is_added(action, held, more):
    assert needed(action, held | more) >= needed(action, held)


@given(actions, anything, st.sampled_from([0, *Strength]))
def test_a_policy_asks_for_no_less_and_for_nothing_that_is_not_held(action, held, policy):
    plain, asked = needed(action, held), needed(action, held, policy=policy)
    assert asked >= plain
    assert asked == plain or any(strength >= asked for strength in held)
    if any(strength >= policy for strength in held):
        assert asked >= policy


@given(actions, anything)
def test_a_passkey_is_always_enough(action, held):
    assert needed(action, held) <= Strength.PHISHING_RESISTANT


@pytest.mark.parametrize("action", sorted(TABLE))
def test_a_telephone_alone_adds_the_first_strong_method_but_never_thaws(action):
    asked = needed(action, {Strength.TELEPHONE})
    assert (asked > Strength.TELEPHONE) is (action == "freeze.thaw")


def test_an_action_that_is_not_in_the_table_is_refused():
    with pytest.raises(KeyError):
        needed("make.tea", {Strength.PHISHING_RESISTANT})


def test_every_act_is_in_the_table():
    assert ACTS.keys() <= TABLE.keys()


def test_no_proof_lasts_longer_than_five_minutes():
    assert GRANTED.total_seconds() <= 300
