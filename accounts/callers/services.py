from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from accounts import limits, phrase, references
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.callers import listing, rules
from accounts.callers.models import Department, Talk, Topic
from accounts.callers.rules import Proof
from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge
from accounts.challenges.rules import Verdict
from accounts.contacts.reached import primary_phone
from accounts.origin import SYSTEM, Origin
from accounts.outbox import guard
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from accounts.users.models import User
from accounts.users.two import are_one

CALL_LIFE = timedelta(minutes=10)


class NotAClient(ValueError):
    """There is nobody to talk to: staff, somebody who was closed, or oneself, under
    whatever user name."""


def open_talk(
    *, user_id: int, staff: User, department: Department, topic: Topic, origin: Origin
) -> Talk:
    """A reference for talking to a client; the one that this member of staff had for them before
    ends. Raises ``NotAClient``."""
    with transaction.atomic():
        user = audit.lock(user_id)
        if user.is_staff or not user.is_active or are_one(user, staff):
            raise NotAClient
        now = timezone.now()
        for before in Talk.objects.filter(user=user, staff=staff, ended_at=None):
            _end(before, user=user, now=now, by="staff", origin=origin)
        talk = Talk.objects.create(
            reference=references.new(),
            user=user,
            staff=staff,
            name=staff.first_name,
            department=department,
            topic=topic,
            opened_at=now,
            expires_at=now + rules.LIFE,
        )
        _show(user, now)
        _record(Event.CALLER_OPENED, talk, user=user, origin=origin, reference=talk.reference)
        return talk


def end(*, talk: Talk, origin: Origin, actor: str = "") -> None:
    """The conversation is over, and its reference good for nothing; once. ``actor`` is who says
    so, where that is not its member of staff."""
    with transaction.atomic():
        user = audit.lock(talk.user_id)
        now = timezone.now()
        if _end(talk, user=user, now=now, by=actor or "staff", origin=origin):
            _show(user, now)


def _end(talk: Talk, *, user: User, now: datetime, by: str, origin: Origin) -> bool:
    """False where it was over. The caller holds the lock, and shows it."""
    if not Talk.objects.filter(pk=talk.pk, ended_at=None).update(ended_at=now):
        return False
    challenges.cancel(user_id=user.pk, bound_to=str(talk.pk))
    detail = {"reference": talk.reference, "by": by}
    _record(Event.CALLER_ENDED, talk, user=user, origin=origin, **detail)
    return True


def _show(user: User, now: datetime) -> None:
    """Until when the client's pages look for who is talking to them. The caller holds the lock."""
    live = Talk.objects.filter(user=user, ended_at=None, expires_at__gt=now)
    user.called_until = live.aggregate(until=Max("expires_at"))["until"]
    user.save(update_fields=["called_until"])


def read_out(*, talk: Talk, origin: Origin) -> str | None:
    """Has an automatic call read the reference to the client's primary number; returns that
    number masked, None where there is none that is called, or it was called too often."""
    with transaction.atomic():
        user = audit.lock(talk.user_id)
        phone = primary_phone(user.pk)
        if phone is None or phone.verified_at is None or guard.refusal(phone.number):
            return None
        if not talk.is_open or limits.take("caller_calls_per_user", str(user.pk)).over:
            return None
        outbox.enqueue(
            user=user,
            channel=Channel.VOICE,
            name="caller_reference",
            to=phone.number,
            language=user.language,
            context={"reference": talk.reference, "staff": talk.name},
            about=str(talk.pk),
            expires_at=min(talk.expires_at, timezone.now() + CALL_LIFE),
            phrase=phrase.of(user),
        )
        _record(Event.CALLER_READ_OUT, talk, user=user, origin=origin, to=phone.masked)
        return phone.masked


def check(*, typed: str, viewer: User | None) -> Talk | None:
    """Whether a reference is good for whoever asks, who is ``viewer`` if they are signed in.

    Counts on the conversation that it was confirmed. ``Floor`` hides the time of that.
    """
    talk = listing.by_reference(typed, viewer=viewer)
    if talk is not None:
        Talk.objects.filter(pk=talk.pk, checks__lt=1000).update(checks=F("checks") + 1)
    return talk


def asked(*, talk: Talk, challenge: Challenge, user: User, origin: Origin) -> None:
    """Writes down that the caller was asked for a proof. The caller holds the user's lock."""
    talk.challenge, talk.method, talk.proof = challenge, challenge.method, Proof.ASKED
    talk.asks += 1
    talk.save(update_fields=["challenge", "method", "proof", "asks"])
    _record(Event.CALLER_ASKED, talk, user=user, origin=origin, method=challenge.method)


def answered(*, talk: Talk, verdict: Verdict, origin: Origin) -> Proof:
    """Writes down what came of an answer that was judged: passed or failed, or that it goes on.

    Passed and failed stand for good. A wrong answer is recorded each time.
    """
    with transaction.atomic():
        user = audit.lock(talk.user_id)
        row = Talk.objects.select_for_update(no_key=True, of=("self",)).get(pk=talk.pk)
        if row.proof in (Proof.PASSED, Proof.FAILED):
            return Proof(row.proof)
        row.proof = rules.after(verdict.outcome, evaluated=verdict.evaluated)
        if row.proof != Proof.ASKED:
            row.proven_at = timezone.now()
        row.save(update_fields=["proof", "proven_at"])
        detail = {"method": row.method, "outcome": verdict.outcome.value}
        if row.proof == Proof.PASSED:
            _record(Event.CALLER_PROVEN, row, user=user, origin=origin, method=row.method)
        elif verdict.evaluated or row.proof == Proof.FAILED:
            _record(Event.CALLER_FAILED, row, user=user, origin=origin, **detail)
        if verdict.disables:
            audit.record(Event.DEVICE_DISABLED, user=user, origin=origin, detail=detail)
        return Proof(row.proof)


def refused(*, talk: Talk, origin: Origin) -> None:
    """The client said on their telephone that they asked for nothing: the caller is not them."""
    with transaction.atomic():
        user = audit.lock(talk.user_id)
        waits = Talk.objects.filter(pk=talk.pk, proof=Proof.ASKED)
        if waits.update(proof=Proof.FAILED, proven_at=timezone.now()):
            detail = {"method": talk.method, "outcome": "refused"}
            _record(Event.CALLER_FAILED, talk, user=user, origin=origin, **detail)


def report_call(*, about: UUID) -> None:
    """Whoever was called by an automatic call did not expect it: a reference that was read out
    ends, and whoever is asked for a code that was read out is not the client."""
    talk = Talk.objects.filter(pk=about, ended_at=None).first()
    if talk is not None:
        end(talk=talk, origin=SYSTEM, actor="client")
    asked_by = Talk.objects.filter(challenge=about, proof=Proof.ASKED).first()
    if asked_by is not None:
        refused(talk=asked_by, origin=SYSTEM)


def _record(event: Event, talk: Talk, *, user: User, origin: Origin, **more: str) -> None:
    detail = {"staff": talk.name, "department": talk.department, "topic": talk.topic, **more}
    staff = talk.staff.username
    audit.record(event, user=user, origin=origin, actor=f"staff:{staff}", detail=detail)
