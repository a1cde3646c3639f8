from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin, digest
from accounts.prepared import prepared
from accounts.rows import insert
from accounts.sessions import rules
from accounts.sessions.models import End, KnownDevice, Session
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
    enrol_only_from: date | None = None,
) -> Session:
    """Writes the row of a new session. ``token`` is its key; only a hash of it is kept.

    ``browser`` is the digest under which its browser is remembered. From the day
    ``enrol_only_from`` on it leads only where a stronger authenticator is enrolled. The caller
    holds the user's lock and records the sign-in.
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
    row = Session(
        key=digest(token),
        user=user,
        platform=origin.platform,
        device=device,
        method=method,
        address=origin.address,
        agent=origin.agent,
        browser=browser,
        public_computer=public_computer,
        opened_at=now,
        seen_at=now,
        idle_seconds=idle * 60,
        expires_at=now + timedelta(hours=settings.ABSOLUTE_HOURS),
        enrol_only_from=enrol_only_from,
    )
    insert(row)
    return row


@prepared
def _of_key(key: str) -> QuerySet[Session]:
    return Session.objects.select_related("user").filter(key=key)


def find(token: str, *, is_use: bool = True) -> tuple[Session | None, str]:
    """The live session of this key with its user, in one query; or None and why it ended.

    ``is_use`` is False for requests that a page makes by itself: they do not keep it alive.
    """
    row = _of_key.first(key=digest(token))
    if row is None:
        return None, ""
    if row.ended_at is not None:
        return None, row.ended_why
    if not row.user.is_active:
        return None, End.REVOKED
    now = timezone.now()
    why = rules.ended(
        now, seen_at=row.seen_at, idle_seconds=row.idle_seconds, expires_at=row.expires_at
    )
    if why:
        end(row=row, why=End(why), origin=Origin(platform=row.platform, session=row.key))
        return None, why
    if is_use and (now - row.seen_at).total_seconds() >= TOUCH_SECONDS:
        Session.objects.filter(pk=row.pk, ended_at=None).update(seen_at=now)
    return row, ""


def end(*, row: Session, why: End, origin: Origin) -> bool:
    """Ends one session. Returns False when it had ended already."""
    with transaction.atomic():
        user = audit.lock(row.user_id)
        live = Session.objects.filter(pk=row.pk, ended_at=None)
        if live.update(ended_at=timezone.now(), ended_why=why) != 1:
            return False
        event = Event.SIGNED_OUT if why is End.SIGNED_OUT else Event.SESSION_ENDED
        audit.record(event, user=user, origin=origin, detail={"why": why.value})
        return True


def end_unused(*, token: str, origin: Origin) -> None:
    """Ends a session that was opened, but whose key could not be handed out."""
    row = Session.objects.filter(key=digest(token)).first()
    if row is not None:
        end(row=row, why=End.CLOSED, origin=origin)


def close_all(
    *, user: User, why: End, origin: Origin, spare: str = "", device: str | None = None
) -> int:
    """Ends every session of the user but ``spare`` (a row key); only those proven by ``device``
    if it is given. The caller holds the user's lock. Returns how many were ended."""
    live = Session.objects.filter(user=user, ended_at=None).exclude(pk=spare)
    if device is not None:
        live = live.filter(device=device)
    count = live.update(ended_at=timezone.now(), ended_why=why)
    if count:
        audit.record(
            Event.SESSION_ENDED,
            user=user,
            origin=origin,
            detail={"why": why.value, "sessions": count},
        )
    return count


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
    open_ones.update(verified_action="", verified_until=None)


def live_sessions(user: User) -> list[Session]:
    """The user's open sessions, newest first; those past a limit are not among them."""
    now = timezone.now()
    return [
        row
        for row in Session.objects.filter(user=user, ended_at=None).order_by("-opened_at")[:50]
        if not rules.ended(
            now, seen_at=row.seen_at, idle_seconds=row.idle_seconds, expires_at=row.expires_at
        )
    ]


def demand_enrolment(users: Iterable[int], *, since: date) -> None:
    """Open sessions of these users lead only to enrolment from ``since`` on."""
    Session.objects.filter(user__in=users, ended_at=None).update(enrol_only_from=since)


def enrolment_done(session: str) -> None:
    """The session (a row key) leads everywhere: what was demanded was enrolled in it."""
    Session.objects.filter(pk=session).update(enrol_only_from=None)


def _authenticator() -> Coalesce:
    """In a query of browsers: what last completed a sign-in of the user there.

    It is read from the sessions, so that a sign-in has nothing more to write.
    """
    opened = Session.objects.filter(user=OuterRef("user"), browser=OuterRef("digest"))
    latest = opened.order_by("-opened_at").values("device")[:1]
    return Coalesce(Subquery(latest), "authenticator")


@prepared
def _last_authenticator(user_id: int, device: str) -> QuerySet[tuple[str]]:
    known = KnownDevice.objects.filter(user_id=user_id, digest=device)
    return known.values_list(_authenticator())


def last_authenticator(*, user_id: int, device: str) -> str | None:
    """What last completed a sign-in of the user in this browser, "" when that is not known; None
    when the user has not signed in here before. One query, for any user id."""
    found = _last_authenticator.first(user_id=user_id, device=device)
    return None if found is None else found[0]


def is_issued(device: str) -> bool:
    """Whether a device cookie is one that was handed out, to whomever. One query."""
    return KnownDevice.objects.filter(digest=device).exists()


def remember(*, user: User, device: str, agent: str) -> None:
    """Keeps the browser as known to the user."""
    now = timezone.now()
    KnownDevice.objects.update_or_create(
        user=user,
        digest=device,
        defaults={"last_at": now, "agent": agent},
        create_defaults={"last_at": now, "first_at": now, "agent": agent},
    )


def purge() -> int:
    """Deletes sessions that were over ``SESSION_KEEP_DAYS`` ago, and browsers whose cookie is gone.

    What happened in them stays in the audit, and what last worked in a browser with the browser.
    Returns how many rows there were.
    """
    now = timezone.now()
    old = Session.objects.filter(expires_at__lt=now - timedelta(days=settings.SESSION_KEEP_DAYS))
    gone = KnownDevice.objects.filter(
        last_at__lt=now - timedelta(seconds=settings.DEVICE_COOKIE_AGE)
    )
    KnownDevice.objects.filter(digest__in=old.exclude(browser="").values("browser")).update(
        authenticator=_authenticator()
    )
    return old.delete()[0] + gone.delete()[0]
