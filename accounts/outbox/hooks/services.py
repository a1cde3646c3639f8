import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.outbox import services as outbox
from accounts.outbox.hooks import rules, taking
from accounts.outbox.hooks.models import Hook, HookEvent, HookKey, Off
from accounts.outbox.models import Channel, Message
from accounts.rows import insert

MOST = 10  # endpoints that are on


class BadAddress(ValueError):
    """Nothing is ever posted there; ``why`` is a ``rules.Bad``."""

    def __init__(self, why: rules.Bad) -> None:
        super().__init__(why.value)
        self.why = why


class TooMany(Exception):
    """As many as there may be are there."""


class LastKey(Exception):
    """An endpoint keeps one key: a post without a signature is worth nothing."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new key; ``secret`` is told this once."""

    hook: Hook
    kid: str
    secret: str


def add(
    *,
    url: str,
    types: Iterable[str],
    origin: Origin,
    reason: str,
    ticket: str,
    shown_to: int | None = None,
) -> Made:
    """A new endpoint with its first key, which ``show`` tells to the user ``shown_to`` alone.
    Raises ``BadAddress`` and ``TooMany``."""
    if bad := rules.refusal(url, at_home=not settings.PRODUCTION):
        raise BadAddress(bad)
    with transaction.atomic():
        _make_room()
        hook = Hook.objects.create(url=url, types=_known(types), created_at=timezone.now())
        _changed()
        made = _new_key(hook, place=1, shown_to=shown_to)
        # Not the whole address: what follows the host may be a secret of its receiver.
        told = {"types": hook.types, "key": made.kid, "host": urlsplit(url).hostname}
        _record(Event.HOOK_ADDED, hook, origin, reason, ticket, **told)
        return made


def has_room() -> bool:
    """Whether there may be one more. Those that are off take no room."""
    return Hook.objects.filter(off="").count() < MOST


def _make_room() -> None:
    """Holds every endpoint, so that nobody adds another meanwhile. Raises ``TooMany``."""
    list(Hook.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    if not has_room():
        raise TooMany


def choose(
    *,
    pk: int,
    types: Iterable[str],
    is_on: bool,
    origin: Origin,
    reason: str,
    ticket: str,
    only_less: bool = False,
) -> bool:
    """Which events an endpoint takes, and whether it takes any; False where it was so already, or
    would take more by now although it is to take ``only_less``. Raises ``TooMany``.

    What was queued while it was off is refused, and can be sent again.
    """
    with transaction.atomic():
        if is_on and Hook.objects.filter(pk=pk).exclude(off="").exists():
            _make_room()
        hook = _locked(pk)
        was = (hook.types, hook.off == "")
        if was == (_known(types), is_on):
            return False
        if only_less and rules.widens(hook.types, types, was_on=was[1], is_on=is_on):
            return False
        hook.types = _known(types)
        hook.off = "" if is_on else (hook.off or Off.STAFF)
        hook.failures, hook.rests_until = 0, None
        hook.save(update_fields=["types", "off", "failures", "rests_until"])
        _changed()
        _record(Event.HOOK_CHANGED, hook, origin, reason, ticket, types=hook.types, on=is_on)
        return True


def add_key(
    *, pk: int, origin: Origin, reason: str, ticket: str, shown_to: int | None = None
) -> Made:
    """A second key beside the first; posts are signed with both. As with ``add``, ``shown_to``
    alone is told it. Raises ``TooMany``."""
    with transaction.atomic():
        hook = _locked(pk)
        taken = set(hook.keys.values_list("place", flat=True))
        free = [place for place in range(1, rules.KEYS_MOST + 1) if place not in taken]
        if not free:
            raise TooMany
        made = _new_key(hook, place=free[0], shown_to=shown_to)
        _record(Event.HOOK_KEY_ADDED, hook, origin, reason, ticket, key=made.kid)
        return made


def show(*, pk: int, kid: str, to: int, origin: Origin) -> Made | None:
    """Tells a key to whoever asked for it, in time and once; None to everybody else, and
    afterwards."""
    with transaction.atomic():
        hook = _locked(pk)
        since = timezone.now() - rules.SHOWN_WITHIN
        unseen = hook.keys.filter(shown_to=to, shown_at=None, created_at__gt=since)
        key = unseen.filter(kid=kid).first()
        if key is None:
            return None
        key.shown_at = timezone.now()
        key.save(update_fields=["shown_at"])
        detail = {"endpoint": hook.pk, "key": kid}
        audit.record(Event.HOOK_KEY_SHOWN, user=None, origin=origin, detail=detail)
        return Made(hook, kid, key.opened())


def drop_key(*, pk: int, kid: str, origin: Origin, reason: str, ticket: str) -> bool:
    """Takes a key away: nothing is signed with it any more. Raises ``LastKey``."""
    with transaction.atomic():
        hook = _locked(pk)
        if not hook.keys.filter(kid=kid).exists():
            return False
        if hook.keys.count() < 2:
            raise LastKey
        hook.keys.filter(kid=kid).delete()
        _record(Event.HOOK_KEY_DROPPED, hook, origin, reason, ticket, key=kid)
        return True


def test(*, pk: int, origin: Origin, reason: str, ticket: str) -> Message:
    """Posts an event that means nothing, about nobody."""
    with transaction.atomic():
        hook = _locked(pk)
        event = _event(type=rules.TEST, at=timezone.now(), user=None, data={})
        insert(event)
        [message] = _post(event, [hook.pk])
        _record(Event.HOOK_TESTED, hook, origin, reason, ticket, event=str(event.pk))
        return message


def send_again(
    *, pk: int, message_id: UUID, origin: Origin, reason: str, ticket: str
) -> Message | None:
    """Posts the same event again, under its own id; None where it is not there any more."""
    with transaction.atomic():
        hook = _locked(pk)
        told = Message.objects.filter(pk=message_id, channel=Channel.HOOK, to=str(hook.pk)).first()
        event = told and HookEvent.objects.filter(pk=told.about).first()
        if not event:
            return None
        [message] = _post(event, [hook.pk])
        _record(Event.HOOK_SENT_AGAIN, hook, origin, reason, ticket, event=str(event.pk))
        return message


def tell(*, user: Any, at: datetime, happened: rules.Happened) -> None:
    """Tells every endpoint that takes such events, in the caller's transaction. At most three
    queries; none where nobody wants to know, as a rule."""
    wanted = taking.those_for(happened.type)
    if not wanted:
        return
    event = _event(type=happened.type, at=at, user=user, data=happened.data)
    insert(event)
    _post(event, wanted)


def _event(*, type: str, at: datetime, user: Any, data: dict[str, Any]) -> HookEvent:  # noqa: A002
    event = HookEvent(user=user, type=type, at=at)
    subject = user.username if user is not None else ""
    event.body = rules.payload(id=str(event.pk), type=type, at=at, subject=subject, data=data)
    return event


def _post(event: HookEvent, hooks: Iterable[int]) -> list[Message]:
    life = timedelta(hours=settings.WEBHOOK_LIFE_HOURS)
    made = [
        outbox.compose(
            user=None,  # what was sent to a client is another thing
            phrase="",
            channel=Channel.HOOK,
            name=event.type,
            to=str(pk),
            language="en",
            context={"text": event.body},
            expires_at=timezone.now() + life,
            about=str(event.pk),
        )
        for pk in hooks
    ]
    outbox.post(*made)
    return made


def purge(before: datetime) -> int:
    """Forgets what was told long ago; returns how many. Whatever is still on its way holds its own
    words."""
    return HookEvent.objects.filter(at__lt=before).delete()[0]


def _locked(pk: int) -> Hook:
    """Raises ``Hook.DoesNotExist``."""
    return Hook.objects.select_for_update(no_key=True).get(pk=pk)


def _changed() -> None:
    taking.forget()
    transaction.on_commit(taking.forget)


def _known(types: Iterable[str]) -> list[str]:
    chosen = set(types)
    return [one for one in rules.TYPES if one in chosen]


def _new_key(hook: Hook, *, place: int, shown_to: int | None) -> Made:
    kid, secret = f"whk_{secrets.token_hex(4)}", f"whs_{secrets.token_urlsafe(32)}"
    now = timezone.now()
    key = HookKey(hook=hook, kid=kid, place=place, created_at=now, shown_to_id=shown_to)
    key.put(secret)
    key.save(force_insert=True)
    return Made(hook, kid, secret)


def _record(
    event: Event, hook: Hook, origin: Origin, reason: str, ticket: str, /, **detail: Any
) -> None:
    told = {"endpoint": hook.pk, "reason": reason, "ticket": ticket} | detail
    audit.record(event, user=None, origin=origin, detail=told)
