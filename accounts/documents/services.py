import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.cases import rules as texts
from accounts.client_accounts.models import ClientAccount, Membership, Role
from accounts.documents import listing, rules, sealing
from accounts.documents.models import Document, Kind, Opening, Piece
from accounts.documents.rules import Span
from accounts.origin import Origin


@dataclass(frozen=True, slots=True)
class Delivered:
    """A document as a system delivers it. ``sha256`` (hex) is what it says of ``content``."""

    account: str
    kind: Kind
    period: str
    title: str
    content: bytes
    sha256: str


class Refusal(StrEnum):
    """Why a document is not kept."""

    ACCOUNT = "account"  # there is none of that number
    PERIOD = "period"  # the kind has another form, or there is no such day
    TO_COME = "to_come"  # the period has not ended
    TITLE = "title"  # nothing of it can be read
    SIZE = "size"
    SHA256 = "sha256"
    PDF = "pdf"


class Gone(Exception):
    """The document was withdrawn meanwhile."""


@dataclass(frozen=True, slots=True)
class Kept:
    """``is_new`` is False for one that was there already."""

    document: Document
    is_new: bool


def deliver(*, sent: Delivered, origin: Origin) -> Kept | Refusal:
    """Keeps a document and records it with the owners of its account, who are told that there is
    one; once, however often it is delivered. ``origin.agent`` is the system that delivers it."""
    if flaw := _flaw(sent):
        return flaw
    with transaction.atomic():
        found = Membership.objects.filter(account__number=sent.account, role=Role.OWNER)
        # The users first, as in every lock order; and always in the same.
        owners = [audit.lock(pk) for pk in found.order_by("user").values_list("user", flat=True)]
        locked = ClientAccount.objects.select_for_update(no_key=True)
        account = locked.filter(number=sent.account).first()
        if account is None:
            return Refusal.ACCOUNT
        made = _made(account, sent, system=origin.agent)
        same = {name: getattr(made, name) for name in ("account", "kind", "period", "sha256")}
        if known := Document.objects.filter(**same, withdrawn_at=None).first():
            return Kept(known, is_new=False)
        _write(made, sent.content)
        for owner in owners:
            audit.record(
                Event.DOCUMENT_DELIVERED,
                user=owner,
                origin=origin,
                actor="system",
                detail=detail_of(made),
            )
        return Kept(made, is_new=True)


def _flaw(sent: Delivered) -> Refusal | None:
    """What is wrong with it, whatever is there."""
    day = rules.last_day(sent.kind, sent.period)
    if day is None:
        return Refusal.PERIOD
    if rules.is_to_come(day, today=timezone.now().date()):
        return Refusal.TO_COME
    if not texts.line(sent.title):
        return Refusal.TITLE
    if len(sent.content) > settings.DOCUMENT_MAX:
        return Refusal.SIZE
    if not hmac.compare_digest(hashlib.sha256(sent.content).hexdigest(), sent.sha256.lower()):
        return Refusal.SHA256
    return None if rules.is_pdf(sent.content) else Refusal.PDF


def _made(account: ClientAccount, sent: Delivered, *, system: str) -> Document:
    return Document(
        account=account,
        kind=sent.kind,
        period=sent.period,
        dated=rules.last_day(sent.kind, sent.period),
        title=texts.line(sent.title)[: rules.TITLE_MAX],
        size=len(sent.content),
        sha256=sent.sha256.lower(),
        received_at=timezone.now(),
        system=system,
    )


def _write(made: Document, content: bytes) -> None:
    key = sealing.new_key()
    made.put_key(key)
    made.save(force_insert=True)
    pieces = sealing.sealed(content, key=key, document=str(made.pk))
    for number, sealed in enumerate(pieces):
        Piece.objects.create(document=made, number=number, sealed=sealed)


def detail_of(one: Document) -> dict[str, object]:
    """What entries say of a document."""
    return {
        "account": one.account.number,
        "document": one.kind,
        "period": one.period,
        "sha256": one.sha256,
        "size": one.size,
    }


def opened(*, user_id: int, pk: object, origin: Origin, span: Span | None) -> Document | None:
    """Writes down that the user opens a document, or a part of it, and returns it; None where it is
    not theirs to see. What was opened before in the same session is not opened anew; a part beyond
    it is written down as the whole, for others may follow."""
    with transaction.atomic():
        user = audit.lock(user_id)
        # Looked for under the lock: whoever is being taken off the account holds it as well.
        found = listing.find(user_id=user_id, pk=pk)
        if found is None:
            return None
        before = Opening.objects.filter(document=found, user=user).select_related("entry").first()
        if span is not None and before is not None and _goes_on(before, origin, timezone.now()):
            if _covers(before, span):
                return found
            span = None
        detail = detail_of(found)
        if span is not None:
            detail["range"] = f"{span.first}-{span.last}"
        entry = audit.record(Event.DOCUMENT_OPENED, user=user, origin=origin, detail=detail)
        Opening.objects.update_or_create(document=found, user=user, defaults={"entry": entry})
        return found


def _goes_on(before: Opening, origin: Origin, now: datetime) -> bool:
    entry = before.entry
    is_same = entry.origin["session"] == origin.session[:12] and bool(origin.session)
    return is_same and now - entry.at < rules.GOES_ON


def _covers(before: Opening, span: Span) -> bool:
    """Whether the entry of an opening tells of this part as well."""
    told = before.entry.detail.get("range")
    if told is None:
        return True
    first, _, last = told.partition("-")
    return int(first) <= span.first and span.last <= int(last)


def read(document: Document, span: Span) -> Iterator[bytes]:
    """The bytes of ``span``, piece by piece; only what it touches is opened.

    Raises ``vault.CannotOpen`` at once where nothing of it opens, and ``Gone`` where it was just
    withdrawn. Where a later piece does not, it breaks off: the reader is told the length
    beforehand, and has less.
    """
    pieces = _pieces(document, document.open_key(), span)
    try:
        return chain([next(pieces)], pieces)
    except Piece.DoesNotExist:
        raise Gone from None


def _pieces(document: Document, key: bytes, span: Span) -> Iterator[bytes]:
    about = str(document.pk)
    for number in sealing.numbers(span):
        found = Piece.objects.filter(document=document, number=number)
        piece = bytes(found.values_list("sealed", flat=True).get())
        content = sealing.opened(piece, number, key=key, document=about, size=document.size)
        yield sealing.within(content, number, span)
