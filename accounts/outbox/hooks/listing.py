"""What was posted to an endpoint, newest first, a page at a time."""

from dataclasses import dataclass

from accounts.outbox import paging
from accounts.outbox.hooks.models import Hook
from accounts.outbox.models import Channel, Message

PAGE = 20


@dataclass(frozen=True, slots=True)
class Page:
    """``older`` is the key to go on from, "" at the end."""

    rows: list[Message]
    older: str


def page(hook: Hook, *, before: str = "") -> Page:
    """Posts older than the key ``before``; one that is none means the newest. One query."""
    rows = Message.objects.defer("body").filter(channel=Channel.HOOK, to=str(hook.pk))
    found = list(rows.filter(paging.older(before)).order_by("-created_at", "-pk")[: PAGE + 1])
    older = paging.key_of(found[PAGE - 1]) if len(found) > PAGE else ""
    return Page(found[:PAGE], older)
