"""What a scene is, and what several are made of."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django_otp.oath import totp
from playwright.sync_api import Page

from accounts.outbox.signals import reported
from tests import cast
from tests.journeys.stage import Stage

SLS = "/settings/security/sls/"

ANONYMOUS, CLIENT, STAFF = "anonymous", "client", "staff"


@dataclass(frozen=True)
class Scene:
    """``pattern`` is the name of the address that shows it; ``way`` sets the stage and tells
    where to go; ``act`` is done on the page; ``breaks`` is what the page of home raises.
    """

    name: str
    pattern: str
    way: Callable[[Stage], str]
    who: str = ANONYMOUS
    act: Callable[[Page], None] | None = None
    breaks: Exception | None = None


def at(path: str) -> Callable[[Stage], str]:
    """Nothing to prepare."""
    return lambda stage: path


def submit(page: Page, **fields: str) -> None:
    """Fills the form of the page and posts it."""
    for name, value in fields.items():
        page.locator(f"main [name={name}]:visible").fill(value)
    with page.expect_navigation():
        page.locator("main form.form button.button:visible").first.click()


def signed_in(path: str) -> Callable[[Stage], str]:
    """Alice, signed in, at ``path``."""

    def way(stage: Stage) -> str:
        stage.sign_in(stage.alice())
        return path

    return way


def staff_code_page(stage: Stage) -> str:
    return cast.begin(stage.client, stage.sam().username)


def staff(path: str) -> Callable[[Stage], str]:
    """Sam, signed in, at ``path``."""

    def way(stage: Stage) -> str:
        url = staff_code_page(stage)
        stage.post(f"{url}answer/", code=f"{totp(cast.SEED):06d}")
        return path

    return way


def new_sim(path: str) -> Callable[[Stage], str]:
    """Alice, signed in, at ``path``; her number has just got a new SIM card."""

    def way(stage: Stage) -> str:
        user, now = stage.alice(), timezone.now()
        stage.sign_in(user)
        number = user.phonenumbers.get().number
        reported.send(sender=None, number=number, line_type="mobile", swapped_at=now, at=now)
        return path

    return way


def confirm(page: Page) -> None:
    """Presses the button of the last page of a step-up."""
    with page.expect_navigation():
        page.locator("main form button.button").first.click()


def cancelled(page: Page) -> None:
    """The person says no to what the browser asks."""
    page.evaluate(
        """() => { navigator.credentials.get = navigator.credentials.create =
        () => Promise.reject(new DOMException("", "NotAllowedError")); }"""
    )
    page.get_by_role("button", name="passkey").or_(
        page.get_by_role("button", name="パスキー")
    ).first.click()
    page.locator("[role=alert] .notice").wait_for()


def several(stage: Stage) -> str:
    """Alice, signed in, at the list of her authenticators."""
    stage.several()
    return SLS
