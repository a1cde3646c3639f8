"""Flagged transactions read: of their client, or what staff have before them. Paged by key."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts import references
from accounts.transactions import rules
from accounts.transactions.models import Transaction
from accounts.users.models import User

PAGE = 20
_KEY_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Page:
    """``more`` is the key that the next page begins behind, "" on the last."""

    rows: list[Transaction]
    more: str


def of_owner(user: User, *, after: str = "") -> Page:
    """The newest first. One query."""
    found = Transaction.objects.filter(user=user)
    return _page(found, after)


def in_hand(*, after: str = "") -> Page:
    """What is held, of every client, the newest first. One query."""
    return _page(Transaction.objects.filter(stored__in=sorted(rules.HOLDING)), after)


def _page(found: QuerySet[Transaction], after: str) -> Page:
    rows = found.select_related("user", "case").order_by("-pk")
    if after.isascii() and after.isdigit() and len(after) <= _KEY_DIGITS:
        rows = rows.filter(pk__lt=int(after))
    shown = list(rows[: PAGE + 1])
    more = str(shown[PAGE - 1].pk) if len(shown) > PAGE else ""
    return Page(shown[:PAGE], more)


def find(typed: str, *, user: User | None = None) -> Transaction | None:
    """The one of a reference however it is written; with ``user``, only one of theirs."""
    reference = references.read(typed)
    if reference is None:
        return None
    found = Transaction.objects.select_related("user", "staff", "case", "entry", "hold")
    found = found.filter(reference=reference)
    return (found.filter(user=user) if user is not None else found).first()
