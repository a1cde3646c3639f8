"""Event -> the message that tells of it, and who gets it. What is not here is told to nobody."""

from dataclasses import dataclass
from enum import StrEnum

from accounts.audit.events import Event


class Telephone(StrEnum):
    """Which number also gets a text message: always one that the owner had before the change."""

    NONE = ""
    PRIMARY = "primary"  # the number that codes go to
    FORMER = "former"  # the number that was primary until now
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Alert:
    """``name`` is the folder of the message. Every verified e-mail address hears of it.

    ``once`` says that repeats within a day are not told again.
    """

    name: str
    telephone: Telephone = Telephone.NONE
    once: bool = False


CATALOGUE: dict[str, Alert] = {
    Event.ACCOUNT_ACTIVATED: Alert("account_activated"),
    Event.SIGNED_IN_NEW_DEVICE: Alert("new_device_sign_in"),
    Event.SIGN_IN_LOCKED: Alert("sign_in_locked", once=True),
    Event.SIGN_IN_UNLOCKED: Alert("sign_in_unlocked"),
    Event.CALL_REPORTED: Alert("call_reported"),
    Event.DEVICE_ENROLLED: Alert("authenticator_enrolled", Telephone.PRIMARY),
    Event.DEVICE_REVOKED: Alert("authenticator_revoked", Telephone.PRIMARY),
    Event.DEVICE_DISABLED: Alert("authenticator_disabled", once=True),
    Event.SMS_SWITCHED_OFF: Alert("sms_switched_off", Telephone.PRIMARY),
    Event.SMS_SWITCHED_ON: Alert("sms_switched_on", Telephone.PRIMARY),
    Event.EMAIL_ADDED: Alert("email_added"),
    Event.EMAIL_VERIFIED: Alert("email_verified"),
    Event.EMAIL_PRIMARY: Alert("email_primary"),
    Event.EMAIL_REMOVED: Alert("email_removed"),
    Event.PHONE_ADDED: Alert("phone_added", Telephone.PRIMARY),
    Event.PHONE_VERIFIED: Alert("phone_verified"),
    Event.PHONE_PRIMARY: Alert("phone_primary", Telephone.FORMER),
    Event.PHONE_REMOVED: Alert("phone_removed", Telephone.REMOVED),
    Event.PHONE_OPTED_OUT: Alert("phone_opted_out"),
    Event.PHONE_OPTED_IN: Alert("phone_opted_in"),
}
