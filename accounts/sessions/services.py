from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import gathered
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin, digest
from accounts.prepared import prepared
from accounts.rows import changed
from accounts.sessions import rules
from accounts.sessions.listing import REFERENCE
from accounts.sessions.models import End, Session
from accounts.users.models import User

TOUCH_SECONDS = 30


def open_session(
    *,
    user: User,
    token: str,
    origin: Origin,
    device: str,
    method: str,
    public_computer: bool,
    browser: str = "",
    browser_token: str = "",
    enrol_only_from: date | None = None,
    risk: int = 0,
    limited_to: str = "",
    lasts: tuple[timedelta, datetime] | None = None,
) -> Session:
    """The row of a new session, written along with what else is written (``accounts.gathered``).
    ``token`` is its first key; only a hash of it is kept.

    ``browser`` is the digest of the series under which its browser is remembered, and
    ``browser_token`` that of the token it gets now. From the day ``enrol_only_from`` on it leads
    only where a stronger authenticator is enrolled. ``risk`` says how unusual the sign-in was; it
    stays with the session. One that is ``limited_to`` something opens nothing else, and ends
    sooner. ``lasts`` is how long it lasts without use, and until when in any case, on a platform
    other than the portal (``weekly``). The caller holds the user's lock and records the sign-in.
    """
    now = timezone.now()
    idle = rules.idle_minutes(
        staff=user.is_staff,
        public_computer=public_computer,
        limits={
            "client": settings.IDLE_MINUTES,
            "staff": settings.STAFF_IDLE_MINUTES,
            "public": settings.PUBLIC_IDLE_MINUTES,
        },
    )
    life = timedelta(hours=settings.ABSOLUTE_HOURS)
    if limited_to:
        idle = min(idle, settings.LIMITED_IDLE_MINUTES)
        life = timedelta(minutes=settings.LIMITED_MINUTES)
    unused, expires_at = lasts or (timedelta(minutes=idle), now + life)
    row = Session(
        key=digest(token),
        token=digest(token),
        user=user,
        platform=origin.platform,
        device=device,
        method=method,
        address=origin.address,
        agent=origin.agent,
        browser=browser,
        browser_token=browser_token,
        public_computer=public_computer,
        opened_at=now,
        seen_at=now,
        idle_seconds=int(unused.total_seconds()),
        expires_at=expires_at,
        enrol_only_from=enrol_only_from,
        risk=risk,
        limited_to=limited_to,
    )
    gathered.insert(row)
    return row


@prepared
def _of_token(token: str) -> QuerySet[Session]:
    return Session.objects.select_related("user").filter(token=token)


def find(token: str, *, is_use: bool = True, on_web: bool = True) -> tuple[Session | None, str]:
    """The live session of this key with its user, in one query; or None and why it ended.

    ``is_use`` is False for requests that a page makes by itself: they do not keep it alive. A
    session of the portal is found in the portal only, and one of another platform nowhere there.
    """
    row = _of_token.first(token=digest(token))
    if row is None or (row.platform == rules.WEB) != on_web:
        return None, ""
    if row.ended_at is not None:
        return None, row.ended_why
    if not row.user.is_active:
        return None, End.REVOKED
    why = rules.barred(frozen=row.user.frozen_at is not None, limited_to=row.limited_to)
    if why:
        return None, why
    now = timezone.now()
    why = rules.ended(
        now, seen_at=row.seen_at, idle_seconds=row.idle_seconds, expires_at=row.expires_at
    )
    if why:
        if why == End.ABSOLUTE and row.platform in rules.WEEKLY:
            why = End.WEEKLY.value
        end(row=row, why=End(why), origin=Origin(platform=row.platform, session=row.key))
        return None, why
    if is_use and row.locked_at is None and (now - row.seen_at).total_seconds() >= TOUCH_SECONDS:
        touch(row)
    return row, ""


_EVENTS = {End.SIGNED_OUT: Event.SIGNED_OUT, End.WEEKLY: Event.SESSION_LAPSED}


def touch(row: Session) -> None:
    """The session was used just now."""
    row.seen_at = timezone.now()
    Session.objects.filter(pk=row.pk, ended_at=None).update(seen_at=row.seen_at)


def end(*, row: Session, why: End, origin: Origin) -> bool:
    """Ends one session. Returns False when it had ended already."""
    with transaction.atomic():
        user = audit.lock(row.user_id)
        live = Session.objects.filter(pk=row.pk, ended_at=None)
        if live.update(ended_at=timezone.now(), ended_why=why) != 1:
            return False
        event = _EVENTS.get(why, Event.SESSION_ENDED)
        detail = {"why": why.value}
        if row.platform != rules.WEB:
            detail["platform"] = row.platform
        note = {"handles": handles([row.key])}
        audit.record(event, user=user, origin=origin, detail=detail, note=note)
        return True


def handles(keys: Iterable[str]) -> list[str]:
    """What sessions (row keys) are called outside: nobody gets in with it."""
    return [key[:REFERENCE] for key in keys]


def end_unused(*, token: str, origin: Origin) -> None:
    """Ends a session that was opened, but whose key could not be handed out."""
    row = Session.objects.filter(token=digest(token)).first()
    if row is not None:
        end(row=row, why=End.CLOSED, origin=origin)


def close_all(
    *,
    user: User,
    why: End,
    origin: Origin,
    spare: str = "",
    device: str | None = None,
    browser: str | None = None,
    platforms: Iterable[str] | None = None,
) -> int:
    """Ends every session of the user but ``spare`` (a row key); only those proven by ``device``,
    opened in ``browser`` or on ``platforms`` if that is given. The caller holds the user's lock.
    Returns how many were ended."""
    live = Session.objects.filter(user=user, ended_at=None).exclude(pk=spare)
    if device is not None:
        live = live.filter(device=device)
    if browser is not None:
        live = live.filter(browser=browser)
    if platforms is not None:
        live = live.filter(platform__in=platforms)
    keys = changed(live, ended_at=timezone.now(), ended_why=why)
    if keys:
        audit.record(
            Event.SESSION_ENDED,
            user=user,
            origin=origin,
            detail={"why": why.value, "sessions": len(keys)},
            note={"handles": handles(keys)},
        )
    return len(keys)


def goes_on(session: str) -> bool:
    """Whether the session (a row key) has not been ended. One query."""
    return Session.objects.filter(pk=session, ended_at=None).exists()


def hand_over(*, session: str, old: str, device: str, method: str) -> None:
    """A session (a row key) that stood on ``old`` stands on ``device`` from now on, and ends with
    it."""
    mine = Session.objects.filter(pk=session, device=old, ended_at=None)
    mine.update(device=device, method=method)


def open_window(*, session: str, action: str, until: datetime) -> None:
    """Until then the session (a row key) needs no further proof for ``action``; one at a time."""
    live = Session.objects.filter(pk=session, ended_at=None)
    live.update(verified_action=action, verified_until=until)


def close_windows(*, user_id: int, session: str = "") -> None:
    """Closes the windows of the user, or that of the session whose row key begins so."""
    open_ones = Session.objects.filter(
        user_id=user_id, key__startswith=session, ended_at=None, verified_until__isnull=False
    )
    gathered.end(open_ones, kind="window", verified_action="", verified_until=None)


def demand_enrolment(users: Iterable[int], *, since: date) -> None:
    """Open sessions of these users lead only to enrolment from ``since`` on."""
    Session.objects.filter(user__in=users, ended_at=None).update(enrol_only_from=since)


def enrolment_done(session: str) -> None:
    """The session (a row key) leads everywhere: what was demanded was enrolled in it."""
    Session.objects.filter(pk=session).update(enrol_only_from=None)
