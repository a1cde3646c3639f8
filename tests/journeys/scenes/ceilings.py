"""Ceilings of accounts, and rules for automation."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import Page

from accounts.api_tokens import services as tokens
from accounts.automation import services as automation
from accounts.automation.models import Watch
from accounts.automation.rules import Does
from accounts.automation.rules import Kind as About
from accounts.ceilings import services
from accounts.ceilings.rules import Kind
from accounts.client_accounts.models import ClientAccount
from accounts.origin import Origin
from tests.journeys.scenes.scene import CLIENT, Scene, signed_in, submit
from tests.journeys.stage import Stage

PATH = "/settings/trading/ceilings/"
MINE = f"{PATH}U1000001/"
RULES = "/settings/trading/rules/"
HERE = Origin(address="203.0.113.7")


def _put(user_id: int, *, proven: bool = False, **wanted: int) -> None:
    services.change(
        account=ClientAccount.objects.get(number="U1000001"),
        wanted={Kind(kind): Decimal(value) for kind, value in wanted.items()},
        by=user_id,
        origin=HERE,
        proven=proven,
    )


def low(stage: Stage) -> str:
    """Two ceilings hold, and one of them is about to rise."""
    alice = stage.alice()
    _put(alice.pk, order=50_000, margin=40)
    _put(alice.pk, order=75_000, proven=True)
    stage.sign_in(alice)
    return PATH


def rising(stage: Stage) -> str:
    low(stage)
    return MINE


def of_others(stage: Stage) -> str:
    """Carol trades on the account of somebody else."""
    stage.alice()
    stage.sign_in(stage.carol())
    return PATH


def ask_for_more(page: Page) -> None:
    submit(page, order="90000")


def watched(stage: Stage) -> str:
    """One rule of each kind, and one was met."""
    alice = stage.alice()
    for kind, most, does in (
        (About.CALLS, Decimal(60), Does.STOP),
        (About.BANK, None, Does.TELL),
        (About.ORDER, Decimal(50_000), Does.TELL),
    ):
        automation.make(user_id=alice.pk, kind=kind, most=most, does=does, origin=HERE)
    Watch.objects.filter(kind=About.CALLS).update(told_at=timezone.now() - timedelta(minutes=5))
    tokens.stop_automation(user_id=alice.pk, origin=HERE, why="rule")
    stage.sign_in(alice)
    return RULES


def nothing_chosen(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form.form button.button:visible").first.click()


def no_amount(page: Page) -> None:
    page.locator("[name=kind][value=order]").check()
    page.locator("[name=does][value=stop]").check()
    nothing_chosen(page)


SCENES = [
    Scene("ceilings-none", "ceilings", signed_in(PATH), CLIENT),
    Scene("ceilings", "ceilings", low, CLIENT),
    Scene("ceilings-of-others", "ceilings", of_others, CLIENT),
    Scene("ceilings-set", "ceiling", rising, CLIENT),
    Scene(
        "ceilings-wrong", "ceiling", rising, CLIENT, act=lambda page: submit(page, order="a lot")
    ),
    Scene("ceilings-raise", "ceiling", rising, CLIENT, act=ask_for_more),
    Scene("rules-none", "automation_rules", signed_in(RULES), CLIENT),
    Scene("rules", "automation_rules", watched, CLIENT),
    Scene("rule-new", "automation_rule_new", signed_in(f"{RULES}new/"), CLIENT),
    Scene(
        "rule-new-wrong",
        "automation_rule_new",
        signed_in(f"{RULES}new/"),
        CLIENT,
        act=nothing_chosen,
    ),
    Scene(
        "rule-new-no-amount",
        "automation_rule_new",
        signed_in(f"{RULES}new/"),
        CLIENT,
        act=no_amount,
    ),
]
