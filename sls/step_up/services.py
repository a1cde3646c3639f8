from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import sending, wording
from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Bar, Outcome, Sending, Verdict
from accounts.challenges.wording import Problem
from accounts.contacts.rules import masked_phone
from accounts.origin import Origin
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from accounts.users.models import User
from sls.methods import recognise, registry
from sls.step_up import acts, proofs, rules
from sls.step_up.acts import Act
from sls.step_up.models import Pending
from sls.step_up.proofs import Way
from sls.step_up.rules import Stage


def take_grant(*, user_id: int, session: str, digest: str) -> bool:
    """Whether this very request was proven in this session. A grant is used up by asking."""
    now = timezone.now()
    granted = Pending.objects.filter(
        user_id=user_id,
        session=session,
        digest=digest,
        granted_at__isnull=False,
        used_at=None,
        expires_at__gt=now,
    )
    found = granted.values_list("pk", flat=True).first()
    if found is None:
        return False
    # Of two requests at once, one finds it unused.
    unused = Pending.objects.filter(pk=found, used_at=None, expires_at__gt=now)
    return unused.update(used_at=now, fields=None) == 1


def proven_by(*, session: str, digest: str) -> str:
    """The authenticator (persistent id) whose answer the last grant of this request rests on."""
    proven = Pending.objects.filter(session=session, digest=digest, granted_at__isnull=False)
    return proven.order_by("-granted_at").values_list("challenge__device", flat=True).first() or ""


def hold(
    *,
    user_id: int,
    session: str,
    action: str,
    digest: str,
    path: str,
    fields: list[tuple[str, str]],
) -> Pending:
    """Seals a request until it is proven. What the user held before and let go by is deleted."""
    now = timezone.now()
    Pending.objects.filter(user_id=user_id, expires_at__lt=now).delete()
    pending = Pending(
        user_id=user_id,
        session=session,
        action=action,
        digest=digest,
        path=path,
        created_at=now,
        expires_at=now + rules.HELD,
    )
    pending.put(fields)
    pending.save(force_insert=True)
    return pending


def find(pending_id: object, *, user_id: int, session: str) -> Pending | None:
    """The pending request of this session, with user and challenge. One query."""
    mine = Pending.objects.filter(pk=pending_id, user_id=user_id, session=session)
    return mine.select_related("user", "challenge").first()


def stage(pending: Pending) -> Stage:
    """What is asked for next."""
    return rules.stage(
        timezone.now(),
        expires_at=pending.expires_at,
        password_at=pending.password_at,
        granted_at=pending.granted_at,
        used_at=pending.used_at,
    )


def act(pending: Pending) -> Act:
    """What the pending request would do. Raises ``CannotOpen``, ``KeyError`` and ``Http404``."""
    return acts.describe(
        user_id=pending.user_id,
        action=pending.action,
        path=pending.path,
        fields=dict(pending.posted()),
    )


def ways(pending: Pending) -> list[Way]:
    """How the user may prove it, best first."""
    return proofs.ways(user_id=pending.user_id, changed_phone=act(pending).phone)


def begin_code(pending: Pending, *, origin: Origin) -> None:
    """The password was right: from here on a code is asked for. Sends it where it is sent."""
    found = ways(pending)
    with transaction.atomic():
        user = audit.lock(pending.user_id)
        now = timezone.now()
        if not Pending.objects.filter(pk=pending.pk, password_at=None, expires_at__gt=now).exists():
            return
        pending.password_at = now
        pending.expires_at = now + timedelta(seconds=settings.ATTEMPT_LIFE)
        if found:
            pending.challenge = _open(pending, found[0], user=user, origin=origin)
        pending.save(update_fields=["password_at", "expires_at", "challenge", "openings"])


def _open(
    pending: Pending, way: Way, *, user: User, origin: Origin, delivery: Channel | None = None
) -> Challenge:
    """The caller holds the user's lock and saves ``challenge`` and ``openings``."""
    challenges.cancel(user_id=user.pk, bound_to=pending.digest)
    pending.openings += 1
    return registry.get(way.row.method).challenge(
        way.row,
        user=user,
        purpose=Purpose.STEP_UP,
        bound_to=pending.digest,
        origin=origin,
        delivery=delivery,
    )


def choose(pending: Pending, *, number: int, origin: Origin) -> Problem | None:
    """Proves by another way than the first."""
    way = next((way for way in ways(pending) if way.number == number), None)
    if way is None:
        return wording.of_sending(Sending(None, Bar.REFUSED_NUMBER, 0), timezone.now())
    with transaction.atomic():
        user = audit.lock(pending.user_id)
        pending.refresh_from_db(fields=["openings"])
        if pending.openings >= settings.CHALLENGES_PER_ATTEMPT:
            return wording.of_sending(Sending(None, Bar.OPENINGS_CAP, 0), timezone.now())
        pending.challenge = _open(pending, way, user=user, origin=origin)
        pending.save(update_fields=["challenge", "openings"])
    return None


def resend(pending: Pending, *, channel: Channel, origin: Origin) -> Problem | None:
    """Sends the same code again; once it is over, a new one, without asking for the password."""
    if pending.challenge is None or not registry.get(pending.challenge.method).channels:
        return None
    with transaction.atomic():
        user = audit.lock(pending.user_id)
        # What was read before the lock may have been used or replaced in the meantime.
        pending.refresh_from_db(from_queryset=Pending.objects.select_related("user", "challenge"))
        challenge = pending.challenge
        if challenge.is_open(timezone.now()):
            decided = sending.send_code(challenge, user=user, channel=channel, origin=origin)
        else:
            decided = _reopen(pending, user=user, channel=channel, origin=origin)
        if decided.bar is None:
            audit.record(
                Event.CODE_RESENT,
                user=user,
                origin=origin,
                detail={"channel": channel.value, "to": masked_phone(challenge.destination)},
            )
    return None if decided.bar is None else wording.of_sending(decided, timezone.now())


def _reopen(pending: Pending, *, user: User, channel: Channel, origin: Origin) -> Sending:
    """A new challenge to the same number, if it is still one that may prove."""
    old, now = pending.challenge, timezone.now()
    if pending.openings >= settings.CHALLENGES_PER_ATTEMPT:
        return Sending(None, Bar.OPENINGS_CAP, 0)
    way = next((way for way in ways(pending) if way.row.destination == old.destination), None)
    if way is None:
        return Sending(None, Bar.REFUSED_NUMBER, 0)
    decided = sending.may_send(old, outbox.code_sends(old.destination, now), now)
    if decided.bar not in (None, Bar.CHALLENGE_CAP):
        return decided
    pending.challenge = _open(pending, way, user=user, origin=origin, delivery=channel)
    pending.save(update_fields=["challenge", "openings"])
    return Sending(now, None, decided.left)


def answer(pending: Pending, *, text: str, origin: Origin) -> Problem | None:
    """Takes a typed code. Returns None when the request is granted now.

    Must not be called inside a transaction: a wrong answer is counted for good.
    """
    challenge = pending.challenge
    if challenge is None:
        return wording.of_verdict(Verdict(Outcome.EXPIRED), settings.TRIES_PER_CHALLENGE)
    method = registry.get(challenge.method)
    read = method.read(text, challenge)
    if read.problem:
        rows = [way.row for way in ways(pending)]
        return recognise.unread(read.problem, text=text, asked=challenge, ways=rows)
    verdict = method.verify(challenge, read.answer, origin=origin)
    if verdict.is_ok:
        return _grant(pending, origin=origin)
    if verdict.evaluated:
        _record_failure(pending, verdict, origin)
    challenge.refresh_from_db()
    problem = wording.of_verdict(verdict, settings.TRIES_PER_CHALLENGE)
    rows = [way.row for way in ways(pending)]
    return recognise.wrong(problem, text=text, asked=challenge, ways=rows)


def _grant(pending: Pending, *, origin: Origin) -> Problem | None:
    challenge = pending.challenge
    with transaction.atomic():
        user = audit.lock(pending.user_id)
        now = timezone.now()
        waiting = Pending.objects.filter(
            pk=pending.pk,
            challenge_id=challenge.pk,
            password_at__isnull=False,
            granted_at=None,
            used_at=None,
            expires_at__gt=now,
        )
        if waiting.update(granted_at=now, expires_at=now + rules.GRANTED) != 1:
            return wording.of_verdict(Verdict(Outcome.EXPIRED), settings.TRIES_PER_CHALLENGE)
        detail = {"action": pending.action, "method": challenge.method}
        if challenge.destination:
            detail["to"] = masked_phone(challenge.destination)
        audit.record(Event.IDENTITY_VERIFIED, user=user, origin=origin, detail=detail)
    return None


def _record_failure(pending: Pending, verdict: Verdict, origin: Origin) -> None:
    detail = {
        "action": pending.action,
        "method": pending.challenge.method,
        "outcome": verdict.outcome.value,
    }
    with transaction.atomic():
        user = audit.lock(pending.user_id)
        audit.record(Event.IDENTITY_FAILED, user=user, origin=origin, detail=detail)
        if verdict.disables:
            audit.record(Event.DEVICE_DISABLED, user=user, origin=origin, detail=detail)


def purge() -> int:
    """Deletes held requests whose time is over, proven or not. Returns how many."""
    return Pending.objects.filter(expires_at__lt=timezone.now()).delete()[0]
