from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts import gathered
from accounts.sessions import services as sessions
from accounts.sessions.models import Session
from sls.step_up import proofs, rules
from sls.step_up.acts import table as acts
from sls.step_up.acts.act import Act
from sls.step_up.models import Pending
from sls.step_up.rules import Stage


@dataclass(frozen=True, slots=True)
class Grant:
    """The proof of one request: ``device`` is the authenticator (persistent id) that gave it."""

    device: str


def take_grant(*, user_id: int, session: str, digest: str) -> Grant | None:
    """The proof of this very request in this session, if there is one. It is used up by asking.

    Where the table says so, it opens the session's window for the action.
    """
    now = timezone.now()
    granted = Pending.objects.filter(
        user_id=user_id,
        session=session,
        digest=digest,
        granted_at__isnull=False,
        used_at=None,
        expires_at__gt=now,
    )
    found = granted.values("pk", "action", "granted_at", "challenge__device").first()
    if found is None:
        return None
    with transaction.atomic():
        # Of two requests at once, one finds it unused.
        if granted.filter(pk=found["pk"]).update(used_at=now, fields=None) != 1:
            return None
        if rules.TABLE[found["action"]].window:
            until = found["granted_at"] + rules.GRANTED
            sessions.open_window(session=session, action=found["action"], until=until)
    return Grant(found["challenge__device"] or "")


def hold(
    *,
    user_id: int,
    session: str,
    action: str,
    digest: str,
    path: str,
    fields: list[tuple[str, str]],
    act: Act,
    risk: int = 0,
) -> Pending:
    """Seals a request until it is proven. What the user held before and let go by is deleted.

    ``risk`` says how unusual the sign-in of the session was.
    """
    now = timezone.now()
    Pending.objects.filter(user_id=user_id, expires_at__lt=now).delete()
    pending = Pending(
        user_id=user_id,
        session=session,
        action=action,
        digest=digest,
        path=path,
        least=proofs.least(user_id=user_id, action=action, risk=risk),
        risk=risk,
        changed_phone=act.phone,
        changed_device=act.device,
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
        dropped=pending.fields is None,
    )


def act(pending: Pending) -> Act:
    """What the pending request would do. Raises ``CannotOpen``, ``KeyError`` and ``Http404``."""
    return acts.describe(
        user_id=pending.user_id,
        action=pending.action,
        path=pending.path,
        fields=dict(pending.posted()),
    )


def in_hand(user_id: int) -> int:
    """How many requests the user holds or has proven, and not used yet. One query."""
    mine = Pending.objects.filter(user_id=user_id, used_at=None, expires_at__gt=timezone.now())
    return mine.count()


def end_window(session: Session) -> None:
    """The session needs a proof again for everything; grants not yet used are gone too."""
    drop(user_id=session.user_id, session=session.key, only_proven=True)


def drop(*, user_id: int, session: str = "", only_proven: bool = False) -> None:
    """Ends what the user holds and has proven, in the session whose key begins so or in all.

    ``only_proven`` leaves requests that still wait for their proof.
    """
    held = Pending.objects.filter(user_id=user_id, session__startswith=session, used_at=None)
    if only_proven:
        held = held.filter(granted_at__isnull=False)
    gathered.end(held, kind="dropped", fields=None, granted_at=None, expires_at=timezone.now())
    sessions.close_windows(user_id=user_id, session=session)


def purge() -> int:
    """Deletes held requests whose time is over, proven or not. Returns how many."""
    return Pending.objects.filter(expires_at__lt=timezone.now()).delete()[0]
