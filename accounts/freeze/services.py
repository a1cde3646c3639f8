from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import references
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts import pausing
from accounts.freeze import rules, stopping
from accounts.freeze.models import Freeze, How, Trading
from accounts.origin import Origin
from accounts.sessions import services as sessions
from accounts.sessions.models import End
from accounts.users.models import User


class TooEarly(RuntimeError):
    """The owner's day of waiting is not over: whoever thaws has to ask ``may_thaw`` before."""


def is_frozen(user: User) -> bool:
    """Whether everything is stopped for the user, as their row was read. No query."""
    return user.frozen_at is not None


def live(user_id: int) -> Freeze | None:
    """The freeze that is on, or None. One query."""
    return Freeze.objects.filter(user_id=user_id, thawed_at=None).first()


def freeze(
    *,
    user_id: int,
    origin: Origin,
    how: How,
    trading: Trading,
    entry: Entry | None = None,
    actor: str = "self",
    reason: str = "",
) -> Freeze:
    """Stops everything for the user, at once and as a whole; returns the freeze that is on.

    ``entry`` is what the owner does not recognise, ``reason`` what staff write down. No proof is
    asked for: it only takes rights away. A second time it ends nothing anew, but it may stop more
    of the trading, and it takes back a wish to go on: whoever says "not me" again did not ask for
    that.
    """
    with transaction.atomic():
        user = audit.lock(user_id)
        running = live(user_id)
        if running is not None:
            return _again(running, user, origin=origin, trading=trading, actor=actor)
        now = timezone.now()
        made = Freeze(
            user=user,
            reference=references.new(),
            at=now,
            how=how,
            trading=trading,
            trading_at=now,
            address=origin.address,
            agent=origin.agent,
            about=entry,
        )
        user.frozen_at = now
        user.save(update_fields=["frozen_at"])
        stopping.stop(made, user=user, origin=origin)
        made.save()
        detail = {"reference": made.reference, "how": str(how), "trading": str(trading)}
        if entry is not None:
            detail["about"] = entry.number
        if reason:
            detail["reason"] = reason
        audit.record(
            Event.FROZEN,
            user=user,
            origin=origin,
            actor=actor,
            detail=detail | {"counts": made.counts},
            note={"freeze": made},
        )
        made.save(update_fields=["steps"])  # the rooms above have added theirs
        return made


def _again(running: Freeze, user: User, *, origin: Origin, trading: Trading, actor: str) -> Freeze:
    """The caller holds the user's lock. Whoever else is on the way back starts over."""
    sessions.close_all(user=user, why=End.FROZEN, origin=origin, spare=origin.session)
    wider = rules.wider(running.trading, trading)
    if wider != running.trading:
        running.trading, running.trading_at = wider, timezone.now()
        running.save(update_fields=["trading", "trading_at"])
        detail = {"reference": running.reference, "trading": wider}
        audit.record(Event.TRADING_STOPPED, user=user, origin=origin, actor=actor, detail=detail)
    if running.thaw_asked_at is not None:
        running.thaw_asked_at = None
        running.save(update_fields=["thaw_asked_at"])
        detail = {"reference": running.reference}
        audit.record(Event.THAW_STOPPED, user=user, origin=origin, actor=actor, detail=detail)
    return running


def wait() -> timedelta:
    """How long the owner waits after their proof."""
    return timedelta(hours=settings.FREEZE_THAW_HOURS)


def ask_to_thaw(*, user_id: int, origin: Origin) -> datetime | None:
    """Writes down that the owner has proven who they are and wants to go on; every contact hears
    of it. Returns from when on they may, the first time counts; None where nothing is frozen.

    The caller has judged the proof.
    """
    with transaction.atomic():
        user = audit.lock(user_id)
        running = live(user_id)
        if running is None:
            return None
        if running.thaw_asked_at is None:
            running.thaw_asked_at = timezone.now()
            running.save(update_fields=["thaw_asked_at"])
            at = running.thaw_asked_at + wait()
            detail = {"reference": running.reference, "at": at.isoformat(timespec="minutes")}
            audit.record(Event.THAW_ASKED, user=user, origin=origin, detail=detail)
        return rules.thaws_at(running.thaw_asked_at, wait())


def may_thaw(running: Freeze) -> bool:
    """Whether the owner's wait is over."""
    return rules.may_thaw(timezone.now(), running.thaw_asked_at, wait())


def thaw(*, user_id: int, origin: Origin, by: str, reason: str = "") -> None:
    """Lets everything go on again; the owner is told. Nothing happens where nothing is frozen.

    ``by`` is "self", whose wait has to be over (``TooEarly``), or names the two of staff. What was
    ended stays ended: sessions, tokens and known browsers begin anew.
    """
    with transaction.atomic():
        user = audit.lock(user_id)
        running = live(user_id)
        if running is None:
            return
        if by == "self" and not may_thaw(running):
            raise TooEarly
        now = timezone.now()
        running.thawed_at, running.thawed_by = now, by
        running.save(update_fields=["thawed_at", "thawed_by"])
        user.frozen_at = None
        user.save(update_fields=["frozen_at"])
        pausing.resume(user_id=user.pk, since=running.at, now=now)
        detail = {"reference": running.reference} | ({"reason": reason} if reason else {})
        audit.record(Event.THAWED, user=user, origin=origin, actor=by, detail=detail)
