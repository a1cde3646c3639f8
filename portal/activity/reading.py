"""The record a page at a time, by key."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.audit.kinds import Kind
from accounts.audit.models import Entry
from accounts.outbox import paging
from accounts.outbox.models import Message
from portal.activity import words
from portal.activity.words import Line, Sent

SIZE = 25


class Show(StrEnum):
    """What the reader looks for; the value stands in the address."""

    ALL = "all"
    SIGN_INS = "sign-ins"
    REFUSED = "refused"
    CHANGES = "changes"
    MESSAGES = "messages"


KINDS = {Show.SIGN_INS: Kind.SIGN_IN, Show.REFUSED: Kind.REFUSED, Show.CHANGES: Kind.CHANGE}


def names() -> dict[Show, str]:
    """The filters in words, in the order they are offered."""
    return {
        Show.ALL: _("Everything"),
        Show.SIGN_INS: _("Sign-ins"),
        Show.REFUSED: _("Refused"),
        Show.CHANGES: _("Changes"),
        Show.MESSAGES: _("Messages sent"),
    }


@dataclass(frozen=True, slots=True)
class Page:
    """``older`` is what to ask for next, "" at the end."""

    lines: list[Line]
    sent: list[Sent]
    older: str


def page(user_id: int, *, show: Show, before: str) -> Page:
    """Up to ``SIZE`` things of a kind, newest first, older than the key ``before`` ("" for the
    newest). One query. A key that is none begins at the newest."""
    if show is Show.MESSAGES:
        rows, older = _cut(_messages(user_id, before), paging.key_of)
        return Page([], [words.sent(one) for one in rows], older)
    rows, older = _cut(entries(user_id, show=show, before=before), lambda row: str(row.number))
    return Page([words.line(one) for one in rows], [], older)


def entries(user_id: int, *, show: Show, before: str = "") -> QuerySet[Entry]:
    """The entries of a user that ``show`` names, newest first."""
    found = Entry.objects.filter(user=user_id).order_by("-number")
    if show in KINDS:
        found = found.filter(kind=KINDS[show].value)
    if before.isascii() and before.isdigit() and len(before) < 16:
        found = found.filter(number__lt=int(before))
    return found


def _messages(user_id: int, before: str) -> QuerySet[Message]:
    mine = Message.objects.filter(user=user_id).defer("body").order_by("-created_at", "-pk")
    return mine.filter(paging.older(before))


def _cut[T](rows: QuerySet[T], key: Callable[[T], str]) -> tuple[list[T], str]:
    found = list(rows[: SIZE + 1])
    return found[:SIZE], key(found[SIZE - 1]) if len(found) > SIZE else ""
