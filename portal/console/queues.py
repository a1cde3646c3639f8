"""What waits for staff, the oldest or the latest few of each kind: the page they land on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.approvals import listing as approvals
from accounts.approvals import wording
from accounts.cases.models import Case
from accounts.outbox.models import Message, Status
from accounts.users.models import User
from portal.console import places
from portal.console.rules import Power
from sls.methods.dsc_plus import stock
from sls.recovery.models import Delay

SHOWN = 6
LATELY = timedelta(hours=24)
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits: whom it is about, what, since when or till when, and its page."""

    title: str
    more: str
    at: datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class Queue:
    """One kind of waiting. ``url`` is the whole of it, "" where this is all there is."""

    code: str
    title: str
    items: list[Item]
    url: str = ""


def of(user: User, powers: Collection[Power]) -> list[Queue]:
    """The queues of this member of staff; one query each."""
    kinds = (
        (None, lambda: _approvals(user)),
        (Power.CASES, _cases),
        (Power.RESEND, _undeliverable),
        (Power.UNLOCK, _recoveries),
        (Power.CARD_STOCK, _cards),
    )
    return [queue() for power, queue in kinds if power is None or power in powers]


def _approvals(user: User) -> Queue:
    rows = approvals.waiting(powers=places.decides(user), staff=user)[:SHOWN]
    items = [
        Item(
            wording.act(one.act),
            one.user.name if one.user else _("The house"),
            one.expires_at,
            reverse("console:approval", args=[one.pk]),
        )
        for one in rows
    ]
    return Queue("approvals", _("Approvals"), items, reverse("console:approvals"))


def _cases() -> Queue:
    rows = Case.objects.filter(closed_at=None).select_related("user", "assigned").order_by("pk")
    items = [
        Item(
            f"{one.get_kind_display()} · {one.shown}",
            one.assigned.name if one.assigned else _("Nobody looks at it yet"),
            one.opened_at,
            reverse("console:case", args=[one.reference]),
        )
        for one in rows[:SHOWN]
    ]
    return Queue("cases", _("Suspicious sign-ins and reports"), items, reverse("console:cases"))


def _undeliverable() -> Queue:
    """Clients whose codes did not arrive in the last day, the latest first."""
    lost = Message.objects.filter(
        is_code=True,
        status__in=(Status.UNDELIVERED, Status.FAILED),
        created_at__gt=timezone.now() - LATELY,
        user__isnull=False,
    )
    latest: dict[int, list[Message]] = {}
    for one in lost.select_related("user").defer("body").order_by("-created_at")[:_LOOKED_AT]:
        latest.setdefault(one.user_id, []).append(one)
    items = [
        Item(
            rows[0].user.name,
            ngettext("%(count)d code did not arrive", "%(count)d codes did not arrive", len(rows))
            % {"count": len(rows)},
            rows[0].created_at,
            reverse("console:client", args=[rows[0].user.username]),
        )
        for rows in list(latest.values())[:SHOWN]
        if not rows[0].user.is_staff
    ]
    return Queue("undeliverable", _("Numbers that cannot be reached"), items)


def _recoveries() -> Queue:
    rows = Delay.objects.filter(ended_at=None).select_related("user").order_by("due_at")
    items = [
        Item(
            one.user.name,
            _("A new way to sign in waits"),
            one.due_at,
            reverse("console:client", args=[one.user.username]),
        )
        for one in rows[:SHOWN]
        if not one.user.is_staff
    ]
    return Queue("recoveries", _("Ways back that wait"), items)


def _cards() -> Queue:
    items = [
        Item(
            one.user.name,
            _("Requested a security card"),
            one.confirmed_at,
            reverse("console:act", args=[one.user.username, "card_send"]),
        )
        for one in stock.to_ship()[:SHOWN]
    ]
    return Queue("cards", _("Cards to send"), items, reverse("console:cards"))
