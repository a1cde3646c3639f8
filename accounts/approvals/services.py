from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.approvals import rules
from accounts.approvals.models import Request, State
from accounts.approvals.rules import Bar
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.users.models import User


class AlreadyAsked(Exception):
    """The same act for the same client, or for the house, waits for a second person already."""


def ask(
    *,
    user: User | None,
    act: str,
    power: str,
    values: dict[str, Any],
    reason: str,
    ticket: str,
    staff: User,
    origin: Origin,
) -> Request:
    """Writes down what a second person has to decide. Raises ``AlreadyAsked``.

    ``user`` is whom it is about, None for the house. ``values`` go into the record as they are: the
    caller keeps secrets out of them.
    """
    now = timezone.now()
    with transaction.atomic():
        row = audit.lock(user.pk) if user is not None else None
        waiting = Request.objects.filter(user=row, act=act, state=State.OPEN)
        waiting.filter(expires_at__lte=now).update(state=State.EXPIRED)
        if waiting.exists():
            raise AlreadyAsked
        made = Request(
            user=row,
            act=act,
            power=power,
            values=values,
            reason=reason,
            ticket=ticket,
            asked_by=staff,
            asked_at=now,
            expires_at=now + timedelta(minutes=settings.APPROVAL_MINUTES),
        )
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:  # the house has no lock that two would wait for
            raise AlreadyAsked from None
        _record(Event.APPROVAL_ASKED, made, row, by=staff, origin=origin)
        return made


def works(staff: User) -> bool:
    """Whether somebody is of staff now, as their row was read."""
    return staff.is_staff and staff.is_active and staff.frozen_at is None


def bar_to(request: Request, *, by: User, has_power: bool, asker_works: bool = True) -> Bar | None:
    """Why ``by`` may not decide. The owner of the account needs no power. ``asker_works`` is
    whether whoever asked still has the power to."""
    asker, subject = request.asked_by, request.user
    return rules.bar(
        asker=(asker.username, asker.person),
        decider=(by.username, by.person),
        subject=()
        if subject is None or (by.pk == subject.pk and not by.is_staff)
        else (subject.username, subject.person),
        has_power=has_power,
        asker_works=asker_works and works(asker),
        is_open=request.state == State.OPEN,
        now=timezone.now(),
        expires_at=request.expires_at,
    )


def approve(
    *,
    pk: int,
    by: User,
    has_power: bool,
    why: str,
    origin: Origin,
    act: Callable[[Request, User | None], None],
) -> Bar | None:
    """Decides for it, and does it: ``act`` gets the request and the locked row of the client, if it
    is about one, in the transaction of the decision. None when it is done; what ``act`` raises
    decides nothing.
    """
    return _decide(
        State.APPROVED, pk=pk, by=by, has_power=has_power, why=why, origin=origin, act=act
    )


def refuse(*, pk: int, by: User, has_power: bool, why: str, origin: Origin) -> Bar | None:
    """Decides against it. None when it is refused now."""
    return _decide(State.REFUSED, pk=pk, by=by, has_power=has_power, why=why, origin=origin)


def withdraw(*, pk: int, by: User, origin: Origin) -> Bar | None:
    """Whoever asked takes it back. None when it is withdrawn now."""
    with transaction.atomic():
        request, user = _locked(pk)
        if request.asked_by_id != by.pk:
            return Bar.NOT_YOURS
        if not request.is_open(timezone.now()):
            return Bar.ENDED
        _settle(request, State.WITHDRAWN, by=by, why="")
        _record(Event.APPROVAL_WITHDRAWN, request, user, by=by, origin=origin)
    return None


def _decide(
    state: State,
    *,
    pk: int,
    by: User,
    has_power: bool,
    why: str,
    origin: Origin,
    act: Callable[[Request, User | None], None] | None = None,
) -> Bar | None:
    with transaction.atomic():
        request, user = _locked(pk)
        if found := bar_to(request, by=by, has_power=has_power):
            return found
        _settle(request, state, by=by, why=why)
        approved = state == State.APPROVED
        event = Event.APPROVAL_GIVEN if approved else Event.APPROVAL_REFUSED
        _record(event, request, user, by=by, origin=origin)
        if act is not None:
            act(request, user)
    return None


def _locked(pk: int) -> tuple[Request, User | None]:
    """The request under its client's lock, if it has one, which is first in every order."""
    user_id = Request.objects.values_list("user_id", flat=True).get(pk=pk)
    user = audit.lock(user_id) if user_id is not None else None
    rows = Request.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("user", "asked_by").get(pk=pk), user


def _settle(request: Request, state: State, *, by: User, why: str) -> None:
    request.state, request.decided_by, request.why = state, by, why
    request.decided_at = timezone.now()
    request.save(update_fields=["state", "decided_by", "decided_at", "why"])


def _record(event: Event, request: Request, user: User | None, *, by: User, origin: Origin) -> None:
    detail = {
        "request": request.pk,
        "act": request.act,
        "ticket": request.ticket,
        "staff": request.asked_by.first_name,
    }
    own = user is not None and by.pk == user.pk and not by.is_staff
    actor = "self" if own else f"staff:{by.username}"
    audit.record(event, user=user, origin=origin, actor=actor, detail=detail)


def end_over() -> int:
    """Marks the requests that nobody decided in time. Returns how many. One query."""
    over = Request.objects.filter(state=State.OPEN, expires_at__lte=timezone.now())
    return over.update(state=State.EXPIRED)


def end_of_act(*, user_id: int, act: str) -> int:
    """Ends what waits for a second person about the user and this act. Returns how many. One
    query."""
    waiting = Request.objects.filter(user_id=user_id, act=act, state=State.OPEN)
    return waiting.update(state=State.EXPIRED)
