"""Travel notices."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from sls.methods import registry
from sls.travel.models import Notice
from tests import abroad, cast
from tests.accounts.ip_restrictions.lists import restrict
from tests.journeys.scenes.scene import CLIENT, Scene, signed_in, submit
from tests.journeys.stage import Stage

LIST = "/settings/security/travel/"


def journey(stage: Stage) -> Notice:
    """Alice is in Japan, with all that she has; the app was never tried, the list is of home."""
    user = stage.alice()
    stage.sign_in(user)
    cast.app_device(user, "Pixel 9")
    restrict(user, "127.0.0.1")
    along = [row.id for row in registry.devices(user.pk)]
    return abroad.announced(user, "JP", "KR", devices=along)


def several(stage: Stage) -> str:
    """In force, coming, over and ended."""
    user = journey(stage).user
    abroad.announced(user, "DE", "AT", "CH", ahead=60)
    abroad.announced(user, "FR", ahead=-100)
    abroad.announced(user, "GB", ahead=-60, ended_at=timezone.now() - timedelta(days=55))
    return LIST


def checklist(stage: Stage) -> str:
    return reverse("travel_notice", args=[journey(stage).pk])


def past(stage: Stage) -> str:
    """A journey that is over."""
    user = stage.alice()
    stage.sign_in(user)
    return reverse("travel_notice", args=[abroad.announced(user, "FR", ahead=-100).pk])


def backwards(page: Page) -> None:
    """The last day lies before the first."""
    today = timezone.localdate()
    page.locator("[name=countries-JP]").check()
    before = today - timedelta(days=1)
    submit(page, first=today.isoformat(), last=before.isoformat())


SCENES = [
    Scene("travel-none", "travel", signed_in(LIST), CLIENT),
    Scene("travel", "travel", several, CLIENT),
    Scene("travel-new", "travel_new", signed_in(f"{LIST}new/"), CLIENT),
    Scene("travel-wrong", "travel_new", signed_in(f"{LIST}new/"), CLIENT, act=backwards),
    Scene("travel-checklist", "travel_notice", checklist, CLIENT),
    Scene("travel-over", "travel_notice", past, CLIENT),
]
