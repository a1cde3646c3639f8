"""What the telephone told: STOP and START by its owner, and what its carrier refuses."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.contacts.models import LineType, PhoneNumber
from accounts.origin import SYSTEM


def hear(sender: object, number: str, word: str, **kwargs: object) -> None:
    """A text message came in from ``number``; only STOP and START change anything."""
    now = timezone.now()
    wanted: dict[str, datetime | None] = {"stop": now, "start": None}
    if word not in wanted:
        return
    event = Event.PHONE_OPTED_OUT if word == "stop" else Event.PHONE_OPTED_IN
    # Several users are locked in one transaction: always in the same order.
    for phone in PhoneNumber.objects.filter(number=number).order_by("user_id"):
        with transaction.atomic():
            user = audit.lock(phone.user_id)
            unchanged = PhoneNumber.objects.filter(pk=phone.pk, opted_out_at__isnull=word == "stop")
            if unchanged.update(opted_out_at=wanted[word]):
                _record(event, phone, user)


def learn(sender: object, number: str, meaning: str, error_code: int | None = None, **kw) -> None:
    """The carrier said that the number takes no text messages (``landline``, ``no_sms``).

    ``inactive`` is passing (switched off, ported) and changes nothing.
    """
    if meaning not in ("landline", "no_sms"):
        return
    for phone in PhoneNumber.objects.filter(number=number, sms_refused_by_carrier=False):
        with transaction.atomic():
            user = audit.lock(phone.user_id)
            learnt = {"sms_refused_by_carrier": True}
            if meaning == "landline":
                learnt["line_type"] = LineType.LANDLINE
            if PhoneNumber.objects.filter(pk=phone.pk).update(**learnt):
                _record(Event.PHONE_LEARNT, phone, user, meaning=meaning, code=error_code)


def _record(event: Event, phone: PhoneNumber, user, **detail: object) -> None:
    audit.record(
        event,
        user=user,
        origin=SYSTEM,
        actor="telephone" if event is not Event.PHONE_LEARNT else "carrier",
        detail={"phone": phone.masked, **detail},
        note={"phone": phone},
    )
