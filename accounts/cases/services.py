from django.db import transaction
from django.utils import timezone

from accounts import references
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.cases import rules
from accounts.cases.models import Case, Kind, Letter, Note, Outcome, Status, Vector
from accounts.origin import Origin
from accounts.users.models import User


class Closed(Exception):
    """The case is closed: nothing more is written in it."""


class Full(Exception):
    """The case holds as many messages as one may; the next thing is said by telephone."""


def open(  # noqa: A001 - it is what is done to a case
    *, user: User | None, kind: Kind, origin: Origin, text: str = "", reference: str | None = None
) -> Case:
    """Writes a report down; returns its case. ``user`` is None for whoever did not sign in."""
    with transaction.atomic():
        owner = audit.lock(user.pk) if user is not None else None
        return _write(owner, kind=kind, origin=origin, text=text, reference=reference)


def open_of_freeze(*, entry: Entry) -> Case | None:
    """The case of a freeze, under its reference, in the transaction of its entry, whose user is
    locked already. None where that reference has a case: a freeze never fails for its case."""
    reference = entry.detail["reference"]
    if Case.objects.filter(reference=reference).exists():
        return None
    origin = audit.origin_of(entry, session="")
    return _write(entry.user, kind=Kind.INCIDENT, origin=origin, text="", reference=reference)


def _write(
    owner: User | None, *, kind: Kind, origin: Origin, text: str, reference: str | None
) -> Case:
    now = timezone.now()
    case = Case.objects.create(
        user=owner,
        reference=reference or references.new(),
        kind=kind,
        opened_at=now,
        moved_at=now,
    )
    if kept := rules.clean(text):
        Letter.objects.create(case=case, at=now, text=kept)
    detail = {"reference": case.reference, "kind": str(kind)}
    audit.record(Event.CASE_OPENED, user=owner, origin=origin, detail=detail)
    return case


def write(*, case: Case, text: str) -> Letter:
    """The owner's next message: it is our turn again. Raises ``Closed`` and ``Full``."""
    with transaction.atomic():
        case = _locked(case)
        if case.status == Status.WAITING:
            case.status = Status.LOOKED_AT
        return _add(case, text=text, staff=None)


def take(*, case: Case) -> None:
    """Staff look at it from now on; nothing happens to one that is past that."""
    with transaction.atomic():
        case = _locked(case)
        if case.status == Status.RECEIVED:
            case.status, case.moved_at = Status.LOOKED_AT, timezone.now()
            case.save(update_fields=["status", "moved_at"])


def assign(*, case: Case, staff: User) -> None:
    """``staff`` look after it from now on, in place of whoever did."""
    with transaction.atomic():
        case = _locked(case)
        if not case.is_closed:
            case.assigned = staff
            case.save(update_fields=["assigned"])
    take(case=case)


def note(*, case: Case, staff: User, text: str) -> Note:
    """What staff write for each other, also in a case that has ended. Raises ``Full``."""
    with transaction.atomic():
        case = _locked(case)
        if case.notes.count() >= rules.LETTERS_MAX:
            raise Full
        return Note.objects.create(
            case=case, staff=staff, at=timezone.now(), text=rules.clean(text)
        )


def review(*, case: Case, staff: User, vector: Vector, lesson: str, origin: Origin) -> None:
    """What was learnt of a case that has ended: how it came about, and what closes the gap."""
    with transaction.atomic():
        owner = audit.lock(case.user_id) if case.user_id is not None else None
        case = _locked(case)
        case.vector, case.lesson = vector, rules.clean(lesson)
        case.reviewed_at = timezone.now()
        case.save(update_fields=["vector", "lesson", "reviewed_at"])
        audit.record(
            Event.CASE_REVIEWED,
            user=owner,
            origin=origin,
            actor=f"staff:{staff.username}",
            detail={"reference": case.reference, "vector": str(vector)},
        )


def answer(*, case: Case, staff: User, origin: Origin, text: str, waits: bool) -> Letter:
    """A message of staff; the owner is told that there is one. ``waits`` says that it is their
    turn. Raises ``Closed``, ``Full``, and ``ValueError`` for a case that nobody reads."""
    if case.user_id is None:
        raise ValueError("nobody reads the answer to a report without an account")
    with transaction.atomic():
        owner = audit.lock(case.user_id)
        case = _locked(case)
        case.status = Status.WAITING if waits else Status.LOOKED_AT
        letter = _add(case, text=text, staff=staff)
        audit.record(
            Event.CASE_ANSWERED,
            user=owner,
            origin=origin,
            actor=f"staff:{staff.username}",
            detail={"reference": case.reference},
        )
        return letter


def close(
    *, case: Case, staff: User, origin: Origin, reason: str, outcome: Outcome | str = ""
) -> None:
    """Ends it with a reason, which the owner reads, and an outcome, which they do not; nothing
    happens to one that has ended."""
    with transaction.atomic():
        owner = audit.lock(case.user_id) if case.user_id is not None else None
        case = _locked(case)
        if case.is_closed:
            return
        now = timezone.now()
        case.status, case.closed_at, case.moved_at = Status.CLOSED, now, now
        case.reason = rules.clean(reason)
        case.outcome = outcome
        case.save(update_fields=["status", "closed_at", "moved_at", "reason", "outcome"])
        audit.record(
            Event.CASE_CLOSED,
            user=owner,
            origin=origin,
            actor=f"staff:{staff.username}",
            detail={"reference": case.reference},
        )


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=case.pk)


def _add(case: Case, *, text: str, staff: User | None) -> Letter:
    """The caller holds the lock of the case as it was before, but for its status."""
    if case.closed_at is not None:
        raise Closed
    if case.letters.count() >= rules.LETTERS_MAX:
        raise Full
    case.moved_at = timezone.now()
    case.save(update_fields=["status", "moved_at"])
    return Letter.objects.create(case=case, at=case.moved_at, staff=staff, text=rules.clean(text))
