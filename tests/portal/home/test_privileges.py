"""The map of privileges says what the rules would decide."""

import secrets
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.api_tokens import services as tokens
from accounts.api_tokens.rules import Scope
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.client_accounts.models import Membership, Role
from accounts.client_accounts.rules import MAY
from accounts.holds import support
from accounts.holds.models import Hold, What
from accounts.origin import SYSTEM
from accounts.sessions.models import Session
from portal.home import permits, privileges
from sls.decisions import services as decisions
from sls.decisions.rules import Action, Outcome, Request
from sls.methods import registry
from tests import programs
from tests.accounts.ip_restrictions.lists import restrict
from tests.cast import account, card_device
from tests.passkey_authenticator import Passkey, enrolled


def cells(user) -> dict:
    shown = privileges.of_user(user)
    return {way.code: {cell.right: cell for cell in way.cells} for way in shown.ways}


@pytest.mark.parametrize("role", list(Role))
def test_follows_the_role(alice, role):
    Membership.objects.filter(user=alice).update(role=role)
    found = cells(alice)["portal"]
    assert {right for right in found if found[right].state == "yes"} == {
        right.value for right in MAY[role] if right in privileges.COLUMNS
    }


def test_of_two_accounts_the_wider_role_counts(alice):
    Membership.objects.filter(user=alice).delete()
    assert all(cell.state == "no" for way in cells(alice).values() for cell in way.values())


def opened_by_tokens(user) -> set[str]:
    api = cells(user)["api"]
    return {right for right in api if api[right].state != "no"}


def test_a_token_only_looks_and_only_while_it_may(alice):
    assert opened_by_tokens(alice) == set()
    assert cells(alice)["api"]["view"].more == "You have no API token for it."
    programs.issue(alice, scopes=[Scope.STOP])
    assert opened_by_tokens(alice) == set()
    programs.issue(alice, scopes=[Scope.ACCOUNT])
    assert opened_by_tokens(alice) == {"view"}
    tokens.stop_automation(user_id=alice.pk, origin=SYSTEM)
    alice.refresh_from_db()
    assert opened_by_tokens(alice) == set()
    assert cells(alice)["api"]["view"].more == "You have stopped all automation."


def test_a_hold_stops_money_wherever_it_moves(alice):
    with transaction.atomic():
        audit.record(Event.EMAIL_PRIMARY, user=audit.lock(alice.pk), origin=SYSTEM)
    found = cells(alice)
    assert {way for way in found if found[way]["fund"].state == "held"} == {"portal", "mobile"}
    assert "Wait until" in found["portal"]["fund"].more


def test_a_hold_of_orders_that_open_a_position_stops_trading(alice):
    with transaction.atomic():
        support.place(
            user=audit.lock(alice.pk), what=What.OPENING, hours=24, reason="R",
            actor="staff:sam", origin=SYSTEM,
        )  # fmt: skip
    assert cells(alice)["tws"]["trade"].state == "held"
    assert cells(alice)["tws"]["view"].state == "yes"


def test_money_names_its_limit_and_settings_their_factor(alice):
    found = cells(alice)["portal"]
    assert "USD 200,000 a day" in found["fund"].more
    assert "Text message" in found["settings"].more


def test_says_from_where(alice):
    assert {way.origin for way in privileges.of_user(alice).ways} == {"From anywhere"}
    restrict(alice, "127.0.0.1", platform="api")
    origins = {way.code: way.origin for way in privileges.of_user(alice).ways}
    assert origins["api"] == "From 1 listed network"
    assert origins["portal"] == "From anywhere"


def test_says_that_programmatic_access_is_apart(client, alice, sign_in):
    sign_in(client, alice)
    assert "kept apart from yours" in client.get("/privileges/").content.decode()


def test_the_page_and_the_decision_never_differ(alice):
    """Each cell against the decision that the brokerage's systems get, for every role."""
    card_device(alice)
    Hold.objects.all().delete()
    for role in Role:
        Membership.objects.filter(user=alice).update(role=role)
        found = cells(alice)
        for way in privileges.SIGNED_IN:
            row = session_on(alice, way.session)
            for right, action in permits.ACTION.items():
                wanted = Request(action, "U1000001")
                if action is Action.WITHDRAW:
                    wanted = replace(wanted, amount=Decimal("0.01"), destination="X")
                told = decisions.decide(session=row.key[:12], wanted=wanted, origin=SYSTEM)
                refused = told.decision.outcome is Outcome.REFUSED
                assert (found[way.code][right].state == "no") == refused


def session_on(user, platform) -> Session:
    now = timezone.now()
    return Session.objects.create(
        key=secrets.token_hex(32),
        token=secrets.token_hex(32),
        user=user,
        platform=platform,
        method="sms",
        opened_at=now,
        seen_at=now,
        idle_seconds=900,
        expires_at=now + timedelta(hours=1),
    )


def by_method(user) -> dict:
    shown = privileges.of_user(user)
    return {
        row.label: {cell.label: (cell.signs_in, cell.proves) for cell in row.cells}
        for row in shown.methods
    }


def test_each_method_says_what_it_does_at_each_interface(alice):
    card_device(alice)
    Hold.objects.all().delete()
    found = by_method(alice)
    card = found[str(registry.get("dsc_plus").label)]
    assert card["This portal"] == (True, "Proves any withdrawal")
    assert card["Trader Workstation"] == (True, "")
    sms = found[str(registry.get("sms").label)]
    assert sms["This portal"] == (True, "Proves withdrawals up to USD 200,000 today")
    # A phone does not prove alone what it asks for.
    assert "99,999" in sms["Mobile app"][1] or "100,000" in sms["Mobile app"][1]
    enrolled(alice, Passkey())
    passkey = by_method(alice)[str(registry.get("passkey").label)]
    assert passkey["This portal"][0]
    assert not passkey["Trader Workstation"][0]


def test_costs_the_same_however_much_there_is(client, alice, sign_in, counted_queries):
    privileges.of_user(alice)
    with counted_queries() as few:
        privileges.of_user(alice)
    for number in range(1, 4):
        card_device(alice, serial=f"DSC100000{number}")
        account(f"U100001{number}", alice, equity=0)
    with counted_queries() as many:
        privileges.of_user(alice)
    assert len(many) == len(few), f"{few}\n\n{many}"
