"""Tokens of programs."""

from datetime import timedelta

from django.utils import timezone

from accounts.api_tokens import services
from accounts.api_tokens.models import ApiToken, Call
from accounts.api_tokens.rules import Scope
from accounts.client_accounts import algorithms
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.sessions import weekly
from accounts.users.models import User
from sls.decisions.models import Withdrawal
from tests import cast
from tests.journeys.scenes.scene import CLIENT, Scene, signed_in, submit
from tests.journeys.stage import Stage
from tests.platforms import Platform

PATH = "/settings/trading/tokens/"
WEEKLY = "/settings/trading/weekly/"
HERE = Origin(address="203.0.113.7")


def _issue(user: User, name: str, *scopes: Scope, **changed: object) -> ApiToken:
    made = services.create(
        user_id=user.pk,
        name=name,
        scopes=scopes,
        life=timedelta(days=7),
        networks=["203.0.113.0/24"],
        origin=HERE,
    )
    ApiToken.objects.filter(pk=made.row.pk).update(**changed)
    return made.row


def several(stage: Stage) -> str:
    """One that reads, one that may act, and one that is over."""
    alice, now = stage.alice(), timezone.now()
    used = {"used_at": now, "used_from": "203.0.113.7", "used_scopes": [Scope.ACCOUNT]}
    _issue(alice, "Portfolio report at home", Scope.ACCOUNT, Scope.ACTIVITY, **used)
    _issue(alice, "Watchdog", Scope.ACCOUNT, Scope.FREEZE, Scope.STOP)
    services.revoke(row=_issue(alice, "Old report", Scope.ACCOUNT), why="leaked", origin=HERE)
    stage.sign_in(alice)
    return PATH


def stopped(stage: Stage) -> str:
    """The switch is off."""
    path = several(stage)
    services.stop_automation(user_id=User.objects.get(username="alice").pk, origin=HERE)
    return path


def with_calls(stage: Stage) -> str:
    """One token, and more calls than a page holds."""
    several(stage)
    row = ApiToken.objects.get(name="Portfolio report at home")
    Call.objects.bulk_create(
        Call(
            token=row,
            at=timezone.now() - timedelta(minutes=place),
            operation="GET /activity" if place % 3 else "GET /account",
            address="203.0.113.7",
            status=403 if place == 2 else 200,
        )
        for place in range(40)
    )
    return f"{PATH}{row.pk}/"


def set_apart(stage: Stage) -> str:
    """One account for algorithms whose withdrawals open in a day, one that is shut, and one like
    any other."""
    alice = stage.alice()
    for number in ("U1000021", "U1000022"):
        cast.account(number, alice, equity=0)
    for number in ("U1000001", "U1000021"):
        algorithms.mark(number=number, by=alice.pk, origin=HERE)
    algorithms.open_money(number="U1000001", by=alice.pk, origin=HERE)
    stage.sign_in(alice)
    return "/settings/trading/algorithms/"


def signed_in_on_tws(stage: Stage) -> str:
    """A TWS is signed in beside the portal, and its owner chose an hour."""
    alice = stage.alice()
    Platform("tws").sign_in()
    Message.objects.all().delete()
    weekly.set_hour(user_id=alice.pk, hour=6, origin=HERE)
    stage.sign_in(alice)
    return WEEKLY


def withdrawal(stage: Stage) -> str:
    """A large one that the phone asked for."""
    alice, now = stage.alice(), timezone.now()
    stage.sign_in(alice)
    asked = Withdrawal(
        user=alice,
        session="a" * 64,
        account="U1000001",
        amount=300_000,
        currency="USD",
        amount_usd=300_000,
        digest="0" * 64,
        created_at=now,
        expires_at=now + timedelta(minutes=15),
    )
    asked.put("DE89 3704 0044 0532 0130 00")
    asked.save()
    return f"/withdrawals/{asked.pk}/"


SCENES = [
    Scene("withdrawal", "withdrawal_prove", withdrawal, CLIENT),
    Scene("tokens-none", "api_tokens", signed_in(PATH), CLIENT),
    Scene("tokens", "api_tokens", several, CLIENT),
    Scene("tokens-stopped", "api_tokens", stopped, CLIENT),
    Scene("token", "api_token", with_calls, CLIENT),
    Scene("algorithms", "algorithm_accounts", set_apart, CLIENT),
    Scene("weekly", "weekly_sign_in", signed_in_on_tws, CLIENT),
    Scene("token-new", "api_token_new", signed_in(f"{PATH}new/"), CLIENT),
    Scene(
        "token-new-wrong",
        "api_token_new",
        signed_in(f"{PATH}new/"),
        CLIENT,
        act=lambda page: submit(page, name="", addresses="everywhere"),
    ),
]
