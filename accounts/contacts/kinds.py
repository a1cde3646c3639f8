"""The two kinds of contact, and everything in which they differ but are treated alike."""

from dataclasses import dataclass

from accounts.audit.events import Event
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.outbox.models import Channel

Contact = EmailAddress | PhoneNumber


@dataclass(frozen=True, slots=True)
class Kind:
    """``name`` stands in addresses, bindings and audit details; ``field`` holds the contact."""

    name: str
    model: type[EmailAddress] | type[PhoneNumber]
    field: str
    life_setting: str
    channels: tuple[Channel, ...]
    added: Event
    verified: Event
    made_primary: Event
    removed: Event
    undone: Event


PHONE = Kind(
    name="phone",
    model=PhoneNumber,
    field="number",
    life_setting="SECURITY_CODE_LIFE",
    channels=(Channel.SMS, Channel.VOICE),
    added=Event.PHONE_ADDED,
    verified=Event.PHONE_VERIFIED,
    made_primary=Event.PHONE_PRIMARY,
    removed=Event.PHONE_REMOVED,
    undone=Event.PHONE_UNDONE,
)
EMAIL = Kind(
    name="email",
    model=EmailAddress,
    field="address",
    life_setting="EMAIL_CODE_LIFE",
    channels=(Channel.EMAIL,),
    added=Event.EMAIL_ADDED,
    verified=Event.EMAIL_VERIFIED,
    made_primary=Event.EMAIL_PRIMARY,
    removed=Event.EMAIL_REMOVED,
    undone=Event.EMAIL_UNDONE,
)
KINDS = {kind.name: kind for kind in (PHONE, EMAIL)}


def of(contact: EmailAddress | PhoneNumber) -> Kind:
    """The kind that ``contact`` is of."""
    return PHONE if isinstance(contact, PhoneNumber) else EMAIL
