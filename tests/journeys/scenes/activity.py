"""What happened: the record in its filters, and whether it is whole."""

from collections.abc import Callable

from django.db import transaction
from playwright.sync_api import Page, expect

from accounts.audit import checkpoints
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import Origin
from accounts.users.models import User
from tests.journeys.scenes.scene import CLIENT, Scene
from tests.journeys.stage import FIREFOX, Stage
from tests.tampering import tampering

FAR = Origin(address="133.11.0.1", agent=FIREFOX)


def note(user: User, event: Event, *, times: int = 1, actor: str = "self", **detail: str) -> None:
    """Something that happened to ``user`` far away."""
    for _ in range(times):
        with transaction.atomic():
            row = audit.lock(user.pk)
            audit.record(event, user=row, origin=FAR, actor=actor, detail=detail)


def full(path: str) -> Callable[[Stage], str]:
    """A record with all kinds of entries, of more than a page."""

    def way(stage: Stage) -> str:
        alice = stage.alice()
        note(alice, Event.CONTACTS_CONFIRMED, times=20)
        note(alice, Event.DEVICE_RENAMED, method="passkey", device="Laptop")
        note(alice, Event.SIGN_IN_REFUSED, why="address")
        note(alice, Event.PASSWORD_FAILED)
        note(alice, Event.SIGN_IN_UNLOCKED, actor="staff:sam")
        stage.sign_in(alice)
        return path

    return way


def altered(stage: Stage) -> str:
    """The third entry says something else now."""
    path = full("/activity/record/")(stage)
    checkpoints.place(User.objects.get(username="alice").pk)
    with tampering():
        Entry.objects.filter(user__username="alice", number=3).update(detail={"x": "1"})
    return path


def compute(page: Page) -> None:
    """The browser computes."""
    page.get_by_role("button", name="Compute now").click()
    expect(page.locator("main [data-part=said] .state")).to_be_visible()


def open_details(page: Page) -> None:
    page.locator(".record__facts > summary").first.click()


SCENES = [
    Scene("activity", "activity", full("/activity/"), CLIENT, act=open_details),
    Scene("activity-refused", "activity", full("/activity/?show=refused"), CLIENT),
    Scene("activity-messages", "activity", full("/activity/?show=messages"), CLIENT),
    Scene("record", "record", full("/activity/record/"), CLIENT),
    Scene("record-altered", "record", altered, CLIENT),
]
