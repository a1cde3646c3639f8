"""What the telephone and its network told: STOP and START by the owner, what a carrier refuses,
what kind of line a number is, and that its SIM card changed."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts import sim
from accounts.contacts.models import LineType, PhoneNumber
from accounts.origin import SYSTEM
from accounts.outbox import lookups

ACTORS = {Event.PHONE_OPTED_OUT: "telephone", Event.PHONE_OPTED_IN: "telephone"}
LOOKED_UP = {
    Event.PHONE_ADDED,
    Event.PHONE_VERIFIED,
    Event.PHONE_PRIMARY,
    Event.PHONE_UNDONE,
}


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
    # One that was taken off the list may come back to it.
    gone = PhoneNumber.kept.filter(number=number, removed_at__isnull=False)
    gone.update(opted_out_at=wanted[word])


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


def ask(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """A number came onto a list, was verified or became primary: a worker looks it up."""
    if entry.event in LOOKED_UP and note["phone"] is not None:
        lookups.ask(note["phone"].number)


def report(
    sender: object,
    number: str,
    line_type: str,
    swapped_at: datetime | None,
    at: datetime,
    **kwargs: object,
) -> None:
    """The network answered; told again, it changes nothing.

    A changed SIM card is kept of verified numbers only: anybody may put anybody's number on a list.
    """
    if line_type == LineType.LANDLINE:
        learn(sender, number, meaning=line_type)
    for phone in PhoneNumber.objects.filter(number=number).order_by("user_id"):
        told = {"looked_up_at": at, "line_type": line_type or phone.line_type}
        PhoneNumber.objects.filter(pk=phone.pk).update(**told)
        if swapped_at is not None and phone.verified_at is not None:
            _swapped(phone, swapped_at)


def _swapped(phone: PhoneNumber, at: datetime) -> None:
    unknown = Q(sim_swapped_at=None) | Q(sim_swapped_at__lt=at)
    with transaction.atomic():
        user = audit.lock(phone.user_id)
        if not PhoneNumber.objects.filter(unknown, pk=phone.pk).update(sim_swapped_at=at):
            return
        phone.sim_swapped_at = at
        if sim.barred_until(phone, timezone.now()):
            _record(Event.PHONE_NEW_SIM, phone, user)


def meet(sender: object, user_id: int | None, number: str, sent: bool, **kwargs: object) -> None:
    """A code met a new SIM card: it was ``sent``, or kept back."""
    phone = PhoneNumber.objects.filter(user_id=user_id, number=number).first()
    if phone is None:
        return
    with transaction.atomic():
        event = Event.CODE_TO_NEW_SIM if sent else Event.CODE_KEPT_BACK
        _record(event, phone, audit.lock(phone.user_id))


def _record(event: Event, phone: PhoneNumber, user, **detail: object) -> None:
    audit.record(
        event,
        user=user,
        origin=SYSTEM,
        actor=ACTORS.get(event, "carrier"),
        detail={"phone": phone.masked, **detail},
        note={"phone": phone},
    )
