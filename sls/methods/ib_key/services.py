"""What an owner does with an active phone: rename it, change its PIN, set its notifications."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from accounts import codes
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.rules import Outcome
from accounts.origin import Origin
from accounts.outbox import endpoints
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from accounts.rows import change
from accounts.users.models import User
from sls.methods.ib_key import activations, rules
from sls.methods.ib_key.models import IbKeyDevice
from sls.methods.rules import may_ask

_TEST_LIFE = timedelta(minutes=5)
_PIN_LIFE = 180  # seconds that the question of a change of PIN may be answered in


def phone_of(user_id: int) -> IbKeyDevice | None:
    """The active phone of a user, suspended or not. One query."""
    mine = IbKeyDevice.objects.select_related("endpoint")
    return mine.filter(user_id=user_id, confirmed=True).first()


def rename(device: IbKeyDevice, *, name: str, origin: Origin) -> None:
    """Another name for the phone, of at most ``NAME_MAX`` characters."""
    with transaction.atomic():
        user = audit.lock(device.user_id)
        before, device.name = device.name, name
        change(device, "name")
        detail = {"method": activations.CODE, "device": name, "before": before}
        audit.record(Event.DEVICE_RENAMED, user=user, origin=origin, detail=detail)


def ask_by_push(device: IbKeyDevice, *, on: bool, origin: Origin) -> bool:
    """Whether sign-ins are put to the phone ("seamless authentication"); the response works either
    way. Returns whether that changed."""
    with transaction.atomic():
        user = audit.lock(device.user_id)
        row = IbKeyDevice.objects.select_for_update(of=("self",)).get(pk=device.pk)
        if row.seamless == on or not row.confirmed:
            return False
        row.seamless = on
        change(row, "seamless")
        event = Event.IB_KEY_PUSHES_ON if on else Event.IB_KEY_PUSHES_OFF
        audit.record(event, user=user, origin=origin, detail={"device": row.name})
    return True


def names_on(device: IbKeyDevice) -> list[str]:
    """The user names that are active on the same telephone. One query."""
    active = IbKeyDevice.objects.filter(instance=device.instance, confirmed=True)
    return list(active.order_by("created_at").values_list("user__username", flat=True))


def remove(device: IbKeyDevice, *, user: User, origin: Origin) -> None:
    """The phone gives itself up; allowed as long as another permanent way is left or none was
    demanded, which the caller has asked. ``user`` and ``device`` are locked."""
    with audit.together(user):
        activations.end_phone(device, user=user, origin=origin, why="removed")


def subscribe(device: IbKeyDevice, subscription: Mapping[str, Any] | None) -> None:
    """Where notifications go from now on; None for nowhere."""
    with transaction.atomic():
        audit.lock(device.user_id)
        device.refresh_from_db(fields=["endpoint", "revoked_at"])
        if device.revoked_at is not None:
            return
        before = device.endpoint_id
        device.endpoint = subscription and endpoints.keep(device.user_id, subscription)
        change(device, "endpoint")
        endpoints.drop(before)


def test_notification(device: IbKeyDevice) -> bool:
    """Sends one soon, to see whether it arrives; False where there is nowhere to send it."""
    if not device.is_notified:
        return False
    with transaction.atomic():
        user = audit.lock(device.user_id)
        outbox.enqueue(
            user=user,
            channel=Channel.PUSH,
            name="test_notification",
            to=str(device.endpoint_id),
            language=user.language,
            context={"kind": "test", "id": str(device.pk)},
            about=str(device.handle),
            expires_at=timezone.now() + _TEST_LIFE,
            phrase="",
        )
    return True


def receive(device: IbKeyDevice) -> None:
    """The app has shown a notification."""
    device.push_seen_at = timezone.now()
    change(device, "push_seen_at")


def pin_question(device: IbKeyDevice) -> str:
    """What has to be answered with the PIN that is to be changed, once."""
    while not may_ask(question := codes.numeric(rules.CHALLENGE_DIGITS), is_read_out=False):
        continue
    cache.set(_pin_key(device), question, _PIN_LIFE)
    return question


def change_pin(device: IbKeyDevice, *, response: str, pin: str, origin: Origin) -> bool:
    """A new PIN for one who knows the old one. A wrong response is counted like any other."""
    question = cache.get(_pin_key(device))
    if question is None or not cache.delete(_pin_key(device)):
        return False
    with transaction.atomic():
        user = audit.lock(device.user_id)
        row = _judged(device, question, response, user=user, origin=origin)
        if row is None or row.pin is None:
            return False
        row.failures = 0
        row.seal_pin(pin)
        change(row, "failures", "pin")
        audit.record(Event.IB_KEY_PIN_CHANGED, user=user, origin=origin)
    return True


def element_proves(device: IbKeyDevice, *, digits: str, response: str, origin: Origin) -> bool:
    """Whether the security element of the phone stands behind an approval: the response to the
    ``digits``, which takes the PIN or what biometrics unlock. A wrong one is counted."""
    with transaction.atomic():
        user, question = audit.lock(device.user_id), digits.zfill(rules.CHALLENGE_DIGITS)
        return _judged(device, question, response, user=user, origin=origin) is not None


def _judged(
    device: IbKeyDevice, question: str, response: str, *, user: User, origin: Origin
) -> IbKeyDevice | None:
    """The locked row, where it answers ``question`` so; else one failure more, which suspends after
    too many and is told. The caller holds the user's lock."""
    row = IbKeyDevice.objects.select_for_update(of=("self",)).get(pk=device.pk)
    if not row.may_prove or not row.confirmed:
        return None
    try:
        if row.answers(question, response):
            return row
    except ValueError:
        return None  # no digits at all
    row.failures += 1
    if row.failures >= settings.IB_KEY_FAILURES:
        row.disabled_at = timezone.now()
    change(row, "failures", "disabled_at")
    if row.disabled_at is not None:
        detail = {"method": activations.CODE, "outcome": Outcome.DISABLED.value}
        audit.record(Event.DEVICE_DISABLED, user=user, origin=origin, detail=detail)
    return None


def _pin_key(device: IbKeyDevice) -> str:
    return f"ib_key:pin:{device.pk}"
