"""Cases read: of one owner, or those that staff have before them. Paged by key."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts import references
from accounts.cases.models import Case, Letter, Note
from accounts.users.models import User

PAGE = 20
_KEY_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Page:
    """``more`` is the key that the next page begins behind, "" on the last."""

    cases: list[Case]
    more: str


def of_owner(user: User, *, after: str) -> Page:
    """The newest first. One query."""
    found = Case.objects.filter(user=user).order_by("-pk")
    return _page(found.filter(pk__lt=key) if (key := _key(after)) else found)


def before_staff(*, after: str) -> Page:
    """What is open, the longest waiting first. One query."""
    found = Case.objects.filter(closed_at=None).select_related("user", "assigned").order_by("pk")
    return _page(found.filter(pk__gt=key) if (key := _key(after)) else found)


def _page(found: QuerySet[Case]) -> Page:
    cases = list(found[: PAGE + 1])
    more = str(cases[PAGE - 1].pk) if len(cases) > PAGE else ""
    return Page(cases[:PAGE], more)


def _key(typed: str) -> int:
    """0 for whatever is no key."""
    if typed.isascii() and typed.isdigit() and len(typed) <= _KEY_DIGITS:
        return int(typed)
    return 0


def find(typed: str, *, user: User | None = None) -> Case | None:
    """The case of a reference however it is written; with ``user``, only one of theirs."""
    reference = references.read(typed)
    if reference is None:
        return None
    found = Case.objects.select_related("user", "assigned").filter(reference=reference)
    return (found.filter(user=user) if user is not None else found).first()


def letters(case: Case) -> list[Letter]:
    """In the order in which they were written. One query."""
    return list(case.letters.select_related("staff").order_by("pk"))


def notes(case: Case) -> list[Note]:
    """What staff wrote, in the order in which they did. One query."""
    return list(case.notes.select_related("staff").order_by("pk"))
