"""Issued by two of staff, sent to the client alone, withdrawn by anyone of staff."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts.models import PhoneNumber
from accounts.origin import SYSTEM, Origin
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from accounts.sessions import services as sessions
from accounts.sessions.models import End, Session
from accounts.users import two
from accounts.users.models import User
from sls.methods import handing
from sls.methods.device import end
from sls.methods.handing import Unsent
from sls.methods.temporary_passcode import rules
from sls.methods.temporary_passcode.models import Passcode
from sls.methods.temporary_passcode.rules import Refusal

CODE, LABEL = "temporary_passcode", _("Temporary passcode")
MESSAGE = CODE


def issue(
    *,
    user: User,
    by: Sequence[User],
    delivery: Channel,
    reason: str,
    origin: Origin,
    phone: int | None = None,
) -> Passcode | Refusal:
    """Makes a passcode and sends it to a verified number of the client, ``phone`` (its primary key)
    or the first that may be trusted, by text message or call.

    ``by`` are the two who have identified the caller and agreed. The passcode is in the message and
    nowhere else. Raises ``two.NotTwo``.
    """
    with transaction.atomic():
        locked = audit.lock(user.pk)
        actor = two.actor(by, on=locked)
        _end_what_is_over(locked)
        if refusal := refusal_to_issue(locked):
            return refusal
        passcode = _make(locked)
        to = _send(passcode, user=locked, phone=phone, delivery=delivery)
        if isinstance(to, Refusal):
            transaction.set_rollback(True)  # what nobody gets is not issued
            return to
        detail = {
            "method": CODE,
            "phone": to.masked,
            "channel": delivery.value,
            "until": passcode.until.isoformat(timespec="minutes"),
            "reason": reason,
        }
        audit.record(Event.PASSCODE_ISSUED, user=locked, origin=origin, actor=actor, detail=detail)
    return passcode


def refusal_to_issue(user: User) -> Refusal | None:
    """Why no passcode would be issued to the user now, or None. Four queries at most."""
    return rules.refusal_to_issue(
        staff=user.is_staff,
        active=user.is_active,
        activated=user.activated_at is not None,
        frozen=user.frozen_at is not None,
        live=live(user.pk) is not None,
        in_a_row=_is_in_a_row(user.pk),
    )


def live(user_id: int) -> Passcode | None:
    """The passcode of the user that opens something, or was disabled by wrong ones. One query."""
    mine = Passcode.objects.filter(user_id=user_id, revoked_at=None)
    return mine.filter(card_until__gt=timezone.now()).first()


def _is_in_a_row(user_id: int) -> bool:
    last = Passcode.objects.filter(user_id=user_id).order_by("-created_at").first()
    if last is None:
        return False
    since = last.created_at
    others = Session.objects.filter(user_id=user_id, opened_at__gt=since).exclude(method=CODE)
    enrolled = Entry.objects.filter(
        user_id=user_id, event=Event.DEVICE_ENROLLED.value, at__gt=since
    )
    return not (others.exists() or enrolled.exists())


def _end_what_is_over(user: User) -> None:
    for one in Passcode.objects.filter(user=user, revoked_at=None, card_until__lte=timezone.now()):
        _expire(one, user)


def _make(user: User) -> Passcode:
    now = timezone.now()
    until = now + timedelta(days=settings.PASSCODE_DAYS)
    passcode = Passcode(
        user=user,
        name=str(LABEL),
        confirmed=True,
        created_at=now,
        until=until,
        card_until=until + timedelta(days=settings.PASSCODE_CARD_DAYS),
    )
    passcode.put(rules.new())
    passcode.save(force_insert=True)
    return passcode


def _send(
    passcode: Passcode, *, user: User, phone: int | None, delivery: Channel
) -> PhoneNumber | Refusal:
    """Where it is on its way to."""
    to = handing.number(user, phone=phone, delivery=delivery)
    if isinstance(to, Unsent):
        return Refusal(to.value)
    unsent = handing.send(
        user=user,
        to=to,
        delivery=delivery,
        name=MESSAGE,
        about=passcode.about,
        context={"code": passcode.code(), "days": settings.PASSCODE_DAYS},
    )
    return Refusal(unsent.value) if unsent else to


def resend(
    *,
    user: User,
    delivery: Channel,
    reason: str,
    origin: Origin,
    actor: str,
    phone: int | None = None,
) -> Refusal | None:
    """Sends the same passcode again, by the other channel or to another verified number. None when
    it is on its way. Its time does not begin anew."""
    with transaction.atomic():
        locked = audit.lock(user.pk)
        passcode = live(locked.pk)
        if passcode is None or not passcode.may_prove:
            return Refusal.NONE
        if locked.frozen_at is not None:
            return Refusal.FROZEN
        to = _send(passcode, user=locked, phone=phone, delivery=delivery)
        if isinstance(to, Refusal):
            return to
        detail = {"phone": to.masked, "channel": delivery.value, "reason": reason}
        audit.record(Event.PASSCODE_RESENT, user=locked, origin=origin, actor=actor, detail=detail)
    return None


def withdraw(*, user: User, reason: str, origin: Origin, actor: str) -> bool:
    """Ends the passcode and every session that it opened. False when there was none."""
    with transaction.atomic():
        locked = audit.lock(user.pk)
        return end_live(locked, why="withdrawn", reason=reason, origin=origin, actor=actor)


def end_live(user: User, *, why: str, origin: Origin, actor: str, reason: str = "") -> bool:
    """The same for a caller who holds the user's lock."""
    passcode = Passcode.objects.filter(user=user, revoked_at=None).first()
    if passcode is None:
        return False
    outbox.abort_queued(passcode.about)
    detail = {"why": why} | ({"reason": reason} if reason else {})
    audit.record(Event.PASSCODE_WITHDRAWN, user=user, origin=origin, actor=actor, detail=detail)
    end(passcode, method=CODE, user=user, origin=origin, why=why, secret=None)
    return True


def expire_due() -> int:
    """Ends the passcodes whose time is over; what they were is erased. Returns how many."""
    over = Passcode.objects.filter(revoked_at=None, card_until__lte=timezone.now())
    due = list(over.order_by("pk").values_list("pk", "user_id"))
    for pk, user_id in due:
        with transaction.atomic():
            user = audit.lock(user_id)
            one = Passcode.objects.filter(pk=pk, revoked_at=None).first()
            if one is not None:
                _expire(one, user)
    return len(due)


def end_whole_sessions() -> int:
    """Ends what was opened while the passcode opened everything, once it does not. How many."""
    late = Passcode.objects.filter(revoked_at=None, until__lte=timezone.now())
    ended = 0
    for passcode in late:
        whole = Session.objects.filter(
            user_id=passcode.user_id, device=passcode.persistent_id, ended_at=None, limited_to=""
        )
        ended += sum(sessions.end(row=row, why=End.REVOKED, origin=SYSTEM) for row in whole)
    return ended


def _expire(one: Passcode, user: User) -> None:
    """Its owner was told the day when it was issued, and hears no more of it."""
    one.revoked_at, one.confirmed, one.secret = timezone.now(), False, None
    one.save(update_fields=["revoked_at", "confirmed", "secret"])
    sessions.close_all(user=user, why=End.REVOKED, origin=SYSTEM, device=one.persistent_id)
    audit.record(Event.PASSCODE_OVER, user=user, origin=SYSTEM, actor="system")
