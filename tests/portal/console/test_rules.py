"""The one table of who of staff may do what."""

import pytest

from portal.console import rules
from portal.console.rules import DUAL, MAY, Power, Role


def test_an_agent_may_not_undo_what_protects_a_client_without_a_lead():
    assert Power.THAW not in MAY[Role.AGENT]
    assert Power.CARD_PIN not in MAY[Role.AGENT]
    assert Power.ROLES not in MAY[Role.LEAD]


def test_an_auditor_reads_and_changes_nothing():
    assert MAY[Role.AUDITOR] == {
        Power.SEE_CLIENT,
        Power.SEE_DESK,
        Power.SEE_TRAIL,
        Power.EXPORT,
    }


@pytest.mark.parametrize("power", sorted(DUAL))
def test_what_takes_two_has_somebody_to_ask_and_somebody_to_decide(power):
    assert any(power in MAY[role] for role in Role)
    assert [role for role in Role if rules.decides([role], power)]


def test_an_agent_asks_and_does_not_decide():
    assert not rules.decides([Role.AGENT], Power.PASSCODE)
    assert rules.decides([Role.LEAD], Power.PASSCODE)
    assert not rules.decides([Role.LEAD], Power.ROLES)


def test_every_power_is_somebodys_and_an_unknown_role_gives_nothing():
    assert rules.powers(Role) == frozenset(Power)
    assert rules.powers(["superuser", ""]) == frozenset()
    assert not rules.decides(["superuser"], Power.THAW)
