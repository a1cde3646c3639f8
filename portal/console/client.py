"""One client as support sees them: everything on one page, nothing secret, nothing unmasked.

Each part reads at most ``ROWS`` rows by an index that begins with the client, so the page costs the
same whatever the client has (SPEED G16).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.api_tokens.models import ApiToken
from accounts.approvals import listing as approvals
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.cases.models import Case
from accounts.client_accounts import services as client_accounts
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.contacts.rules import masked_phone
from accounts.freeze import services as freezes
from accounts.holds import services as holds
from accounts.ip_restrictions.models import Restriction
from accounts.ip_restrictions.rules import State
from accounts.lockout import services as lockout
from accounts.outbox import errors
from accounts.outbox.models import Message
from accounts.outbox.wording import Delivery, delivery
from accounts.sessions import listing as sessions
from accounts.users.models import User
from accounts.users.rules import canonical
from portal.activity import reading
from portal.activity.reading import Show
from portal.console import likely
from portal.console.likely import Facts, Send
from sls.login.models import Attempt
from sls.methods import registry
from sls.methods.registry import Held

ROWS = 8


@dataclass(frozen=True, slots=True)
class Device:
    """An authenticator in words; of a number no more than its end."""

    id: str
    label: str
    state: str  # "active", "pending" or "disabled"
    failures: int
    created_at: datetime
    last_used_at: datetime | None

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return {"active": "good", "pending": "notice", "disabled": "warning"}[self.state]


@dataclass(frozen=True, slots=True)
class Try:
    """A sign-in that was begun, and what became of its code."""

    at: datetime
    platform: str
    method: str
    reference: str
    tries_left: int | None
    is_live: bool
    ended_why: str
    delivery: Delivery | None


def find(username: str) -> User | None:
    """The client of that name in any spelling, with what their lock stands at; never one of staff.
    One query."""
    found = User.objects.filter(username=canonical(username), is_staff=False)
    key = lockout.key_of(username)
    return found.annotate(**lockout.counted(key)).first()


def page(user: User) -> dict[str, Any]:
    """What the page of ``user`` (from ``find``) shows. At most 16 queries."""
    now = timezone.now()
    held = devices(user.pk)
    tries, sends = _tries(user, now)
    running = list(holds.of_user(user.pk, now).order_by("pk")[:ROWS])
    freeze = freezes.live(user.pk) if freezes.is_frozen(user) else None
    restrictions = _restrictions(user)
    locked = lockout.is_locked(user)
    refused = _refused(user, now)
    activity = reading.page(user.pk, show=Show.ALL, before="")
    facts = Facts(
        now=now,
        frozen=freezes.is_frozen(user),
        closed=not user.is_active,
        activated=user.activated_at is not None,
        locked=locked,
        recovering=user.recovering,
        restricted=bool(restrictions),
        refused_for=tuple(str(one.detail.get("why", "")) for one in refused),
        sends=tuple(sends),
        wrong_codes=sum(one.event == Event.SIGN_IN_FAILED for one in refused),
        disabled=tuple(one.label for one in held if one.state == "disabled"),
        waiting_cards=tuple(
            one.label for one in held if one.state == "pending" and "dsc" in one.id
        ),
        usable=sum(one.state == "active" for one in held),
        held=bool(running) and freeze is None,
        stronger=tuple(one.label for one in held if one.state == "active" and "sms" not in one.id),
    )
    found = {
        "client": user,
        "locked": locked,
        "likely": likely.reasons(facts),
        "memberships": client_accounts.of_user(user.pk),
        "emails": list(EmailAddress.objects.filter(user=user).order_by("-primary", "pk")[:ROWS]),
        "phones": list(PhoneNumber.objects.filter(user=user).order_by("-primary", "pk")[:ROWS]),
        "devices": held,
        "tries": tries,
        "sessions": sessions.sessions(user_id=user.pk, current="").rows[:ROWS],
        "restrictions": restrictions,
        "holds": running,
        "freeze": freeze,
        "tokens": _tokens(user, now),
        "cases": list(Case.objects.filter(user=user).order_by("-pk")[:ROWS]),
        "activity": activity.lines[:ROWS],
        "requests": approvals.about(user),
    }
    return found | {"nothing": _nothing(found)}


def _nothing(found: dict[str, Any]) -> list[str]:
    """The parts that have nothing to show, in words: they have no panel of their own."""
    parts = {
        _("what is stopped"): found["freeze"] or found["holds"],
        _("sign-ins of late"): found["tries"],
        _("accounts"): found["memberships"],
        _("open sessions"): found["sessions"],
        _("IP restrictions"): found["restrictions"],
        _("API tokens"): found["tokens"],
        _("cases"): found["cases"],
        _("activity"): found["activity"],
    }
    return [str(words) for words, rows in parts.items() if not rows]


def masked(user: User) -> dict[str, Any]:
    """What the client's own pages show them first, for the words of a call: no address of a
    session, no number beyond its end. Nothing can be done from there."""
    now = timezone.now()
    return {
        "client": user,
        "freeze": freezes.live(user.pk) if freezes.is_frozen(user) else None,
        "locked": lockout.is_locked(user),
        "emails": list(EmailAddress.objects.filter(user=user).order_by("-primary", "pk")[:ROWS]),
        "phones": list(PhoneNumber.objects.filter(user=user).order_by("-primary", "pk")[:ROWS]),
        "devices": [one for one in devices(user.pk) if one.state == "active"],
        "holds": list(holds.of_user(user.pk, now).order_by("pk")[:ROWS]),
        "activity": reading.page(user.pk, show=Show.ALL, before="").lines[:ROWS],
        "unread": user.unread,
    }


def devices(user_id: int) -> list[Device]:
    """What the client holds, in words. One query."""
    return [_device(one) for one in registry.held(user_id)]


def _device(row: Held) -> Device:
    label = str(registry.get(row.method).label)
    name = masked_phone(row.number) if row.number else registry.called(row.method, row.name)
    if label.casefold() in name.casefold():
        label = name
    elif name.casefold() not in label.casefold():
        label = f"{label} · {name}"
    state = "disabled" if row.disabled else "active" if row.confirmed else "pending"
    return Device(row.id, label, state, row.failures, row.created_at, row.last_used_at)


def _tries(user: User, now: datetime) -> tuple[list[Try], list[Send]]:
    """The last sign-ins and the codes they sent. Two queries."""
    rows = Attempt.objects.filter(user=user).select_related("challenge")
    attempts = list(rows.order_by("-created_at")[:ROWS])
    about = [str(one.challenge_id) for one in attempts if one.challenge_id]
    sent = Message.objects.filter(about__in=about).defer("body").order_by("created_at")
    messages = list(sent[: ROWS * 5])
    last = {one.about: one for one in messages}
    sends = [
        Send(one.created_at, one.channel, one.status, _meaning(one)) for one in reversed(messages)
    ]
    return [_try(one, last.get(str(one.challenge_id)), now) for one in attempts], sends


def _try(row: Attempt, message: Message | None, now: datetime) -> Try:
    challenge = row.challenge
    return Try(
        at=row.created_at,
        platform=row.platform,
        method=str(registry.get(challenge.method).label) if challenge else "",
        reference=challenge.reference if challenge else "",
        tries_left=challenge.tries_left if challenge else None,
        is_live=row.is_live(now),
        ended_why=row.ended_why,
        delivery=delivery(message, now) if message else None,
    )


def _meaning(message: Message) -> str:
    if message.error_code is None:
        return ""
    return errors.classify(message.error_code).meaning.value


def _restrictions(user: User) -> Sequence[Restriction]:
    kept = Restriction.objects.filter(user=user).exclude(state=State.REMOVED)
    return list(kept.select_related("browser").order_by("platform", "first", "pk")[: ROWS * 2])


def _tokens(user: User, now: datetime) -> list[ApiToken]:
    live = ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=now)
    return list(live.order_by("-created_at")[:ROWS])


def _refused(user: User, now: datetime) -> list[Entry]:
    """What was refused in the last day. One query."""
    rows = reading.entries(user.pk, show=Show.REFUSED)[: ROWS * 2]
    return [one for one in rows if now - one.at <= likely.LATELY]
