"""The browsers in which somebody has completed a sign-in, and how a copy of one is found out.

The device cookie is a series, by which a browser is known for as long as it keeps it, and a token,
which every completed sign-in replaces. Whoever copies the cookie has the token too, but only one of
the two browsers gets the next one: the other comes with an old token of a known series. Then nobody
can tell which is which, so the series is dropped for everybody who used it, every session of it is
ended, and its owners are told.

The token in force is that of the series' last session, so that a sign-in has nothing more to write.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.prepared import prepared
from accounts.sessions import rules, services
from accounts.sessions.models import End, KnownDevice, Session
from accounts.sessions.rules import Marks
from accounts.users.models import User


def authenticator() -> Coalesce:
    """In a query of browsers: what last completed a sign-in of the user there."""
    opened = Session.objects.filter(user=OuterRef("user"), browser=OuterRef("digest"))
    latest = opened.order_by("-opened_at").values("device")[:1]
    return Coalesce(Subquery(latest), "authenticator")


def token() -> Coalesce:
    """In a query of browsers: the token in force, whoever signed in last."""
    return Coalesce(_of_latest("browser_token"), "token")


def _of_latest(field: str) -> Subquery:
    return Subquery(_series().order_by("-opened_at").values(field)[:1])


def _series() -> QuerySet[Session]:
    return Session.objects.filter(browser=OuterRef("digest"))


def _with_marks(known: QuerySet[KnownDevice], device_token: str) -> QuerySet:
    shown = _series().filter(browser_token=device_token).order_by("-opened_at")
    later = _series().filter(opened_at__gt=OuterRef("shown_at")).order_by("opened_at")
    return known.annotate(
        used=authenticator(),
        in_force=token(),
        latest_at=_of_latest("opened_at"),
        shown_at=Subquery(shown.values("opened_at")[:1]),
        shown_agent=Subquery(shown.values("agent")[:1]),
        replaced_at=Subquery(later.values("opened_at")[:1]),
    ).values_list("used", "in_force", "latest_at", "shown_at", "shown_agent", "replaced_at")


@prepared
def _of_user(user_id: int, device: str, device_token: str) -> QuerySet:
    known = KnownDevice.objects.filter(user_id=user_id, digest=device)
    return _with_marks(known, device_token)


@prepared
def _of_anybody(device: str, device_token: str) -> QuerySet:
    return _with_marks(KnownDevice.objects.filter(digest=device), device_token)[:1]


@dataclass(frozen=True, slots=True)
class Known:
    """``used`` is the authenticator that last completed a sign-in here, "" where none is told."""

    used: str


def recognise(*, user_id: int, origin: Origin) -> Known | None:
    """The browser of ``origin``, if the user has signed in there before.

    One query, for any user id. An old token ends the series, in transactions of its own, and is
    no browser that is known.
    """
    if not origin.device:
        return None
    found = _of_user.first(user_id=user_id, device=origin.device, device_token=origin.device_token)
    if found is None:
        return None
    if _is_in_force(found, origin):
        return Known(found[0])
    drop(origin=origin)
    return None


def is_ours(origin: Origin) -> bool:
    """Whether the device cookie was handed out, to whomever, and is in force. One query."""
    if not origin.device:
        return False
    found = _of_anybody.first(device=origin.device, device_token=origin.device_token)
    return found is not None and _is_in_force(found, origin)


def _is_in_force(found: tuple, origin: Origin) -> bool:
    _, in_force, latest_at, shown_at, shown_agent, replaced_at = found
    marks = Marks(
        is_latest=origin.device_token == in_force,
        latest_at=latest_at,
        shown_at=shown_at,
        replaced_at=replaced_at,
        same_agent=shown_agent == origin.agent,
    )
    return rules.is_in_force(timezone.now(), marks)


def drop(*, origin: Origin) -> None:
    """Forgets the series of ``origin`` for all its users and ends its sessions."""
    owners = KnownDevice.objects.filter(digest=origin.device).order_by("user_id")
    for user_id in owners.values_list("user_id", flat=True):
        with transaction.atomic():
            user = audit.lock(user_id)
            if not forget_series(user=user, device=origin.device):
                continue
            ended = services.close_all(
                user=user, why=End.COPIED, origin=origin, browser=origin.device
            )
            detail = {"sessions": ended}
            audit.record(Event.BROWSER_COPIED, user=user, origin=origin, detail=detail)


def forget_series(*, user: User, device: str) -> bool:
    """The browser is new to the user from now on. The caller holds the user's lock."""
    return KnownDevice.objects.filter(user=user, digest=device).delete()[0] > 0


def remember(*, user: User, device: str, agent: str) -> None:
    """Keeps the browser as known to the user."""
    now = timezone.now()
    KnownDevice.objects.update_or_create(
        user=user,
        digest=device,
        defaults={"last_at": now, "agent": agent},
        create_defaults={"last_at": now, "first_at": now, "agent": agent},
    )
