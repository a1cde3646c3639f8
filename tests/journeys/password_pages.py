"""Ways to the pages of the password."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.sessions.models import Session
from accounts.users.models import User
from tests.journeys.stage import Stage


def proving(stage: Stage) -> str:
    """Alice, signed in, has to prove who she is first."""
    stage.sign_in(stage.alice())
    return reverse("password")


def proven(stage: Stage) -> str:
    """She has just proven it."""
    path = proving(stage)
    until = timezone.now() + timedelta(minutes=5)
    Session.objects.filter(ended_at=None).update(
        verified_action="password.change", verified_until=until
    )
    return path


def old(stage: Stage) -> str:
    """Her password has been the same for years."""
    proving(stage)
    User.objects.update(password_at=timezone.now() - timedelta(days=800))
    return reverse("home")


def demanded(stage: Stage) -> str:
    """Somebody else may know it."""
    proving(stage)
    User.objects.update(password_demanded_at=timezone.now())
    return reverse("home")


def typed(password: str):
    """Types it and waits for what is said of it."""

    def act(page: Page) -> None:
        page.locator("[name=password]").press_sequentially(password)
        page.locator("[data-part=verdict] p").first.wait_for()

    return act


def keyboard(*keys: str):
    """Opens the virtual keyboard and presses keys by their names."""

    def act(page: Page) -> None:
        page.locator(".keyboard__toggle").click()
        for key in keys:
            page.locator(f".keyboard__panel [data-key='{key}']").click()

    return act
