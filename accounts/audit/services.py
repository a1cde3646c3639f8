from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.audit import rules
from accounts.audit.events import Event
from accounts.audit.models import Entry, SystemChain
from accounts.audit.rules import Link
from accounts.audit.signals import recorded
from accounts.origin import Origin
from accounts.prepared import Update, prepared, prepared_update
from accounts.rows import insert


class StaleChain(RuntimeError):
    """The user row given to ``record`` was not locked in this transaction: a programming fault."""


@prepared
def _locked(user_id: int) -> QuerySet:
    return get_user_model().objects.select_for_update(no_key=True).filter(pk=user_id)


def lock(user_id: int) -> Any:
    """The user's row, which holds the head of their chain, locked until the transaction ends.

    First in every lock order; what ``record`` needs.
    """
    return _locked.one(user_id=user_id)


def record(
    event: Event,
    *,
    user: Model | None,
    origin: Origin,
    detail: dict[str, Any] | None = None,
    actor: str = "self",
    note: dict[str, Any] | None = None,
) -> Entry:
    """Appends an entry to the user's chain and tells the rooms above.

    ``user`` is a row from ``lock`` in the same transaction, or None for entries
    about nobody. ``detail`` is stored and shown to the owner: plain values, no secret. ``note``
    reaches the receivers and is not stored. Returns the saved entry. Raises ``StaleChain``.
    """
    if not transaction.get_connection().in_atomic_block:
        raise StaleChain("record() outside a transaction")
    head = user if user is not None else _system_chain()
    number = head.audit_number + 1
    entry = Entry(
        user=user,
        number=number,
        at=timezone.now(),
        event=event.value,
        actor=actor,
        origin=_origin(origin),
        detail=detail or {},
    )
    entry.digest = rules.link(head.audit_head, entry.content())
    _advance(head, entry)
    insert(entry)
    recorded.send(sender=Entry, entry=entry, note=note or {})
    return entry


def _origin(origin: Origin) -> dict[str, str]:
    return {
        "address": origin.address,
        "platform": origin.platform,
        "agent": origin.agent,
        "session": origin.session[:12],
        "request": origin.request_id,
    }


def origin_of(entry: Entry, *, session: str) -> Origin:
    """Where the act that ``entry`` tells of came from, for what follows from it.

    An entry keeps no whole key of a session: ``session`` is the one from its note.
    """
    kept = entry.origin
    return Origin(
        address=kept["address"], platform=kept["platform"], agent=kept["agent"], session=session
    )


def _system_chain() -> SystemChain:
    SystemChain.objects.get_or_create(pk=1)
    return SystemChain.objects.select_for_update(no_key=True).get(pk=1)


def _advance(head: Model, entry: Entry) -> None:
    # Compare and swap: two writers can never fork a chain, even if one forgot the lock.
    move = _move_system if isinstance(head, SystemChain) else _move
    moved = move(pk=head.pk, at=head.audit_number, number=entry.number, digest=entry.digest)
    if moved != 1:
        raise StaleChain(f"chain {entry.chain} moved under entry {entry.number}")
    head.audit_number, head.audit_head = entry.number, entry.digest


@prepared_update
def _move(pk: int, at: int, number: int, digest: str) -> Update:
    chain = get_user_model().objects.filter(pk=pk, audit_number=at)
    return chain, {"audit_number": number, "audit_head": digest}


@prepared_update
def _move_system(pk: int, at: int, number: int, digest: str) -> Update:
    chain = SystemChain.objects.filter(pk=pk, audit_number=at)
    return chain, {"audit_number": number, "audit_head": digest}


def verify(user: Model | None) -> int | None:
    """Recomputes a chain. Returns the number of its first broken entry, or None if whole."""
    with transaction.atomic():
        # An entry written between head and entries would look like one too many.
        head = lock(user.pk) if user is not None else _system_chain()
        entries = Entry.objects.filter(user=user).order_by("number").iterator(chunk_size=2000)
        return rules.first_broken(
            (Link(e.number, e.digest, e.content()) for e in entries),
            head_number=head.audit_number,
            head=head.audit_head,
        )
