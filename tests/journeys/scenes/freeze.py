"""This was not me: the entrance, the link of a mail, the receipt."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page

from accounts.audit.models import Entry
from accounts.freeze import links, receipts, services
from accounts.freeze.models import How, Trading
from accounts.origin import Origin
from accounts.users.models import User
from tests import cast
from tests.journeys.scenes.scene import CLIENT, Scene, at, confirm, signed_in, submit
from tests.journeys.stage import FIREFOX, Stage

HERE = Origin(address="203.0.113.7", agent=FIREFOX)


def stopped(stage: Stage, *, trading: Trading = Trading.CLOSE_ONLY) -> User:
    """Alice was signed in, and has said that it was not she."""
    user = stage.alice()
    stage.sign_in(user)
    services.freeze(user_id=user.pk, origin=HERE, how=How.PAGE, trading=trading)
    user.refresh_from_db()
    return user


def about(stage: Stage) -> str:
    user = stage.alice()
    stage.sign_in(user)
    return f"/not-me/?entry={Entry.objects.filter(user=user).latest('number').number}"


def link(stage: Stage, user: User, *, days: int = 0) -> str:
    """The link of a mail to her, written some days ago."""
    then = timezone.now() - timedelta(days=days)
    found = links.url(user, to=f"{user.username}@example.com", at=then)
    return found.removeprefix(settings.PUBLIC_BASE_URL)


def receipt(stage: Stage) -> str:
    return receipts.path(services.live(stopped(stage).pk))


def password(page: Page) -> None:
    """The right one, of somebody for whom everything is stopped."""
    submit(page, username="alice", password=cast.PASSWORD)


def at_sign_in(stage: Stage) -> str:
    stopped(stage)
    stage.client.cookies.clear()
    return "/login/"


SCENES = [
    Scene("not-me", "not_me", at("/not-me/")),
    Scene("not-me-signed-in", "not_me", signed_in("/not-me/"), CLIENT),
    Scene("not-me-entry", "not_me", about, CLIENT),
    Scene("not-me-done", "freeze_receipt", signed_in("/not-me/"), act=confirm),
    Scene("freeze-link", "freeze_link", lambda stage: link(stage, stage.alice())),
    Scene("freeze-link-again", "freeze_link", lambda stage: link(stage, stopped(stage))),
    Scene("freeze-link-old", "freeze_link", lambda stage: link(stage, stage.alice(), days=31)),
    Scene("freeze-link-wrong", "freeze_link", at("/freeze/link/WzEsMl0:x/")),
    Scene("freeze-receipt", "freeze_receipt", receipt),
    Scene("freeze-receipt-none", "freeze_receipt", at("/freeze/receipt/4K7TQ29M/")),
    Scene("freeze-sign-in", "login", at_sign_in, act=password),
]
