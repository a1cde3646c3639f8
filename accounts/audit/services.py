import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import F, Model, QuerySet, Subquery
from django.utils import timezone

from accounts import gathered
from accounts.audit import checkpoints, kinds, rules
from accounts.audit.events import Event
from accounts.audit.models import Entry, SystemChain
from accounts.audit.rules import Link
from accounts.audit.signals import recorded
from accounts.origin import Origin
from accounts.prepared import Update, prepared, prepared_update
from accounts.rows import insertion
from accounts.statements import Part, run

OWNER = "self"
# By what PostgreSQL, and by what SQLite, tells that an entry has the number of another.
_NUMBERED = (*(rule.name for rule in Entry._meta.constraints), Entry._meta.db_table)

# Say of an entry whether its owner is told of it, so that the count of their notices moves in the
# statement that moves the chain. Set where the rooms are wired.
noted: list[Callable[[Entry], bool]] = []


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
    actor: str = OWNER,
    note: dict[str, Any] | None = None,
    writes: tuple[str, str] | None = None,
) -> Entry:
    """Appends an entry to the user's chain and tells the rooms above. See also ``together``.

    ``user`` is a row from ``lock`` in the same transaction, or None for entries about nobody.
    ``actor`` is whom ``origin`` names where it is not given. ``detail`` is stored and shown to the
    owner: plain values, no secret. ``note`` reaches the receivers and is not stored. ``writes`` is
    a column of the user's row and its new text, written in the statement that moves the chain.
    Returns the entry. Raises ``StaleChain``. What the rooms above give to ``accounts.gathered`` is
    written together once all were told.
    """
    if not transaction.get_connection().in_atomic_block:
        raise StaleChain("record() outside a transaction")
    head = user if user is not None else lock_system()
    number = head.audit_number + 1
    entry = Entry(
        user=user,
        number=number,
        at=timezone.now(),
        event=event.value,
        kind=kinds.of(event.value),
        actor=(origin.actor or OWNER) if actor == OWNER else actor,
        origin=_origin(origin),
        detail=detail or {},
    )
    entry.digest = rules.link(head.audit_head, entry.content())
    gathering = getattr(head, "gathering", None)
    growth = gathering or _Growth(head)
    growth.take(entry, writes)
    if gathering is None:
        growth.write()
    if checkpoints.every(number):
        checkpoints.ask(entry.user_id, number)
    with gathered.gathering():
        recorded.send(sender=Entry, entry=entry, note=note or {})
    return entry


@contextmanager
def together(user: Any) -> Iterator[None]:
    """What is recorded of ``user`` inside is written at its end in one statement however much, and
    in the same one what was given to ``accounts.gathered``, where that can be.

    The rooms above are told of each entry at once, as always; it has no key yet, so that only a row
    that is gathered can point to it. Until the end nothing may lock the user anew; an exception
    leaves nothing written. Inside another one of the same row it belongs to that.
    """
    if getattr(user, "gathering", None) is not None:
        yield
        return
    with _told_as_stale(user), gathered.gathering() as ends_here:
        user.gathering = growth = _Growth(user)
        try:
            yield
        finally:
            del user.gathering
        # What is recorded afterwards finds the chain moved.
        growth.lead() if ends_here else growth.write()


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


def lock_system() -> SystemChain:
    """The head of the system's chain, locked until the transaction ends: of two at once who look
    at what was recorded last, one records."""
    return _system_heads().select_for_update(no_key=True).get()


class _Growth:
    """Entries that are written together, and what their chain becomes by them."""

    def __init__(self, head: Any) -> None:
        self._head, self._at = head, head.audit_number
        self._entries: list[Entry] = []
        self._notices, self._writes = 0, None

    def take(self, entry: Entry, writes: tuple[str, str] | None) -> None:
        """The head that was given stands at ``entry`` from now on."""
        head, self._writes = self._head, writes or self._writes
        self._entries.append(entry)
        head.audit_number, head.audit_head = entry.number, entry.digest
        if not isinstance(head, SystemChain):
            is_noted = any(says(entry) for says in noted)
            head.notices += is_noted
            self._notices += is_noted

    def write(self) -> None:
        """Moves the chain and appends, in one statement."""
        if self._entries:
            with _told_as_stale(self._head):
                run(self._moving(), insertion(*self._entries))

    def lead(self) -> None:
        """The same in the statement of what was gathered."""
        if self._entries:
            head = (type(self._head), self._moving, False)
            gathered.lead(head, (Entry, lambda: insertion(*self._entries), True))

    def _moving(self) -> Part:
        # Compare and swap: two writers can never fork a chain, even if one forgot the lock.
        last = self._entries[-1]
        values = {"number": last.number, "digest": last.digest}
        if isinstance(self._head, SystemChain):
            move = _move_system
        else:
            column, text = self._writes or ("", None)
            move = _move(column)
            values |= {"notices": self._notices} | ({"text": text} if column else {})

        def moved(count: int) -> None:
            if count != 1:
                raise StaleChain(f"chain {last.chain} moved under entry {self._at + 1}")

        return move.part(done=moved, pk=self._head.pk, at=self._at, **values)


@contextmanager
def _told_as_stale(head: Any) -> Iterator[None]:
    """A chain that moved has an entry of that number already."""
    try:
        yield
    except IntegrityError as error:
        if not any(name in str(error) for name in _NUMBERED):
            raise
        raise StaleChain(f"chain {head.pk} moved under an entry") from error


@functools.cache
def _move(column: str) -> prepared_update:
    """Moves the chain and counts notices; with a text for ``column`` unless that is ""."""

    def moved(pk: int, at: int, number: int, digest: str, notices: int) -> Update:
        chain = get_user_model().objects.filter(pk=pk, audit_number=at)
        changed = {"audit_number": number, "audit_head": digest, "notices": F("notices") + notices}
        return chain, changed

    @prepared_update
    def move(pk: int, at: int, number: int, digest: str, notices: int) -> Update:
        return moved(pk, at, number, digest, notices)

    @prepared_update
    def move_with(pk: int, at: int, number: int, digest: str, notices: int, text: str) -> Update:
        chain, changed = moved(pk, at, number, digest, notices)
        return chain, changed | {column: text}

    return move_with if column else move


@prepared_update
def _move_system(pk: int, at: int, number: int, digest: str) -> Update:
    chain = SystemChain.objects.filter(pk=pk, audit_number=at)
    return chain, {"audit_number": number, "audit_head": digest}


def head_of(user: Any) -> tuple[int, str]:
    """Number and digest (hex) of the last entry, as the user's row that is given knows them."""
    return user.audit_number, user.audit_head


def verify(user: Model | None) -> int | None:
    """Recomputes a chain. Returns the number of its first broken entry, or None if whole.

    Locks nothing: whoever writes meanwhile does not wait, and what they write is not judged.
    """
    mine = Entry.objects.filter(user=user).order_by("number")
    heads = get_user_model().objects.filter(pk=user.pk) if user else _system_heads()
    head_number, head = heads.values_list("audit_number", "audit_head").get()
    known = mine.filter(number__lte=head_number).iterator(chunk_size=2000)
    broken = rules.first_broken(
        (Link(e.number, e.digest, e.content()) for e in known), head_number=head_number, head=head
    )
    if broken is not None:
        return broken
    # The head as this one statement sees it: what was written since is behind it.
    beyond = mine.filter(number__gt=Subquery(heads.values("audit_number")))
    return head_number + 1 if beyond.exists() else None


def _system_heads() -> QuerySet[SystemChain]:
    SystemChain.objects.get_or_create(pk=1)
    return SystemChain.objects.filter(pk=1)
