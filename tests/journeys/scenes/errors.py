"""For everybody, and what went wrong."""

from django.core.exceptions import PermissionDenied
from playwright.sync_api import Page

from accounts.limits import TooMany
from tests.journeys.scenes.scene import (
    Scene,
    at,
    signed_in,
    submit,
)


class Busy(Exception):
    """What an exhausted resource raises."""

    retry_after = 20


def lose_the_token(page: Page) -> None:
    """The form is posted by somebody who never got it from us."""
    page.locator("main [name=csrfmiddlewaretoken]").first.evaluate("one => one.value = 'x'")
    submit(page)


SCENES = [
    Scene("reference", "reference", at("/api/v1/reference/")),
    Scene("error-400", "", at("/login/?next=%00")),
    Scene("error-403", "", signed_in("/"), breaks=PermissionDenied()),
    Scene("error-404", "", at("/nowhere/")),
    Scene("error-csrf", "", at("/login/"), act=lose_the_token),
    Scene("error-429", "", signed_in("/"), breaks=TooMany(40)),
    Scene("error-500", "", signed_in("/"), breaks=RuntimeError("broken on purpose")),
    Scene("error-503", "", signed_in("/"), breaks=Busy()),
]
