"""Documents read: one, or a page of those that somebody may see. Paged by key."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from accounts.client_accounts.models import Membership
from accounts.client_accounts.rules import MAY, Right, rights
from accounts.client_accounts.services import of_user
from accounts.documents.models import Document, Kind, Opening
from accounts.prepared import prepared

PAGE = 25
_SEES = [role for role, may in MAY.items() if Right.VIEW in may]
_ID = 36  # characters of an id
YEARS = 12  # the most that are offered by name


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be shown: of a kind, of a year, of an account; all of it where nothing is said.
    ``after`` is the key that a page before has told."""

    kind: str = ""
    year: int | None = None
    account: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A document and its last opening that the reader may know of: their own, and of whoever looks
    after the account anybody's."""

    document: Document
    opening: Opening | None


@dataclass(frozen=True, slots=True)
class Page:
    """``more`` is the key that the next page begins behind, "" on the last; ``years`` those in
    which there is something to choose, the newest first."""

    rows: list[Row]
    more: str
    years: list[int] = field(default_factory=list)


def find(*, user_id: int, pk: object) -> Document | None:
    """The document, if the user may see its account now, and it was not withdrawn. One query,
    whatever is asked for."""
    return _seen.first(user_id=user_id, pk=pk)


@prepared
def _seen(user_id: int, pk: UUID) -> QuerySet[Document]:
    mine = {"account__members__user_id": user_id, "account__members__role__in": _SEES}
    there = Document.objects.filter(pk=pk, withdrawn_at__isnull=True, **mine)
    return there.select_related("account")


def seen_by(user_id: int) -> list[Membership]:
    """The user's places on accounts that they see. One query."""
    return [
        one
        for one in of_user(user_id)
        if Right.VIEW in rights(one.role, second_name=one.second_name)
    ]


def page(*, places: Sequence[Membership], user_id: int, wish: Wish) -> Page:
    """Documents of the accounts in ``places``, the newest first. Three queries."""
    accounts = [one.account_id for one in places]
    found = Document.objects.filter(account__in=accounts)
    span = found.aggregate(first=Min("dated"), last=Max("dated"))
    if wish.account:
        found = found.filter(account__number=wish.account)
    if wish.kind in Kind.values:
        found = found.filter(kind=wish.kind)
    if wish.year is not None:
        found = found.filter(dated__range=(date(wish.year, 1, 1), date(wish.year, 12, 31)))
    if key := _key(wish.after):
        dated, pk = key
        found = found.filter(Q(dated__lt=dated) | Q(dated=dated, pk__lt=pk))
    rows = list(found.select_related("account").order_by("-dated", "-pk")[: PAGE + 1])
    shown = rows[:PAGE]
    openings = _openings(shown, places, user_id)
    last = shown[-1] if len(rows) > PAGE else None
    more = f"{last.dated.isoformat()}.{last.pk.hex}" if last else ""
    years = _years(**span)
    return Page([Row(one, openings.get(one.pk)) for one in shown], more, years)


def _years(first: date | None, last: date | None) -> list[int]:
    if first is None or last is None:
        return []
    return list(range(last.year, max(first.year, last.year - YEARS + 1) - 1, -1))


def _key(after: str) -> tuple[date, UUID] | None:
    """The key that ``page`` has told, None for anything else."""
    dated, _, pk = after.partition(".")
    key = uuid_of(pk)
    try:
        return (date.fromisoformat(dated), key) if key else None
    except ValueError:
        return None


def uuid_of(text: str) -> UUID | None:
    """The id that stands there, None for anything else."""
    try:
        return UUID(text) if len(text) <= _ID else None
    except ValueError:
        return None


def _openings(
    shown: Collection[Document], places: Sequence[Membership], user_id: int
) -> dict[UUID, Opening]:
    """The last one of each document."""
    looked_after = [one.account_id for one in places if Right.USERS in MAY[one.role]]
    later = Opening.objects.filter(document=OuterRef("document"), entry__gt=OuterRef("entry"))
    anybodys = Q(document__account__in=looked_after) & ~Exists(later)
    found = Opening.objects.filter(document__in=shown).filter(Q(user=user_id) | anybodys)
    told = found.select_related("entry", "user").order_by("entry")
    return {one.document_id: one for one in told}
