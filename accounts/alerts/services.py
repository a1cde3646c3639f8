from datetime import timedelta

from django.utils import translation

from accounts.alerts import facts
from accounts.alerts.catalogue import Alert, Telephone
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts import services as contacts
from accounts.contacts import sim
from accounts.contacts.models import PhoneNumber
from accounts.origin import digest
from accounts.outbox import guard
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel

MAIL_LIFE = timedelta(days=3)
TEXT_LIFE = timedelta(hours=6)


def send(alert: Alert, *, entry: Entry, note: dict) -> None:
    """Queues ``alert`` for everybody who hears of ``entry``; the caller is in its transaction."""
    if _is_told_otherwise(entry):
        return
    with translation.override(entry.user.language):
        context = facts.of(entry, name=alert.name)
    for address in _addresses(entry, note):
        _queue(alert, Channel.EMAIL, address, entry, context, MAIL_LIFE)
    for phone in _telephones(alert, entry, note):
        _queue(alert, Channel.SMS, phone.number, entry, context, TEXT_LIFE)


# Steps of a first enrolment: one alert says that it is done.
_STEPS = frozenset({Event.EMAIL_VERIFIED, Event.PHONE_VERIFIED, Event.DEVICE_ENROLLED})


def _is_told_otherwise(entry: Entry) -> bool:
    """Whether another alert says the same.

    The authenticator of a number ends with the number, and the change of number is told.
    """
    if entry.user.activated_at is None and entry.event in _STEPS:
        return True
    return entry.event == Event.DEVICE_REVOKED and entry.detail.get("why") == "number_changed"


def _addresses(entry: Entry, note: dict) -> list[str]:
    addresses = contacts.addresses_to_tell(entry.user_id)
    if entry.event == Event.EMAIL_REMOVED and note["email"].verified_at is not None:
        addresses.append(note["email"].address)
    return addresses


def _telephones(alert: Alert, entry: Entry, note: dict) -> list[PhoneNumber]:
    """Numbers that were the owner's before the change and take text messages."""
    if alert.telephone is Telephone.NONE or _is_told_by_text(entry):
        return []
    found = {
        Telephone.PRIMARY: lambda: [contacts.primary_phone(entry.user_id)],
        Telephone.OTHERS: lambda: sim.others_to_tell(note["phone"]),
        Telephone.FORMER: lambda: [note.get("old")],
        Telephone.REMOVED: lambda: [note.get("phone")],
    }[alert.telephone]()
    is_new = note.get("phone") if alert.telephone is not Telephone.REMOVED else None
    return [phone for phone in found if phone and phone != is_new and _is_reached(phone)]


def _is_reached(phone: PhoneNumber) -> bool:
    is_verified = phone.verified_at is not None
    return is_verified and phone.takes_sms and not guard.refusal(phone.number)


def _is_told_by_text(entry: Entry) -> bool:
    """Whether another text message says the same: that of the number whose authenticator it is,
    or of the authenticator that took the place of this one."""
    replaced = entry.detail.get("why") in {"replaced", "renewed"}
    return replaced or (entry.event in _DEVICES and entry.detail.get("method") == "sms")


_DEVICES = frozenset({Event.DEVICE_ENROLLED, Event.DEVICE_REVOKED})


def _queue(
    alert: Alert, channel: Channel, to: str, entry: Entry, context: dict, life: timedelta
) -> None:
    once = f"{entry.event}:{entry.user_id}:{entry.at.date()}:{channel}:{digest(to)[:32]}"
    outbox.enqueue(
        user=entry.user,
        channel=channel,
        name=alert.name,
        to=to,
        language=entry.user.language,
        context=context,
        expires_at=entry.at + life,
        dedupe=once if alert.once else None,
    )
