"""Event -> the message that tells of it, and who gets it. What is not here is told to nobody."""

from dataclasses import dataclass
from enum import StrEnum

from accounts.audit.events import Event


class Telephone(StrEnum):
    """Which numbers also get a text message: always some that the owner had before the change."""

    NONE = ""
    PRIMARY = "primary"  # the number that codes go to
    OTHERS = "others"  # every number but the one that it is about
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
    Event.CODE_TO_NEW_SIM: Alert("code_to_new_sim", Telephone.OTHERS, once=True),
    Event.DEVICE_ENROLLED: Alert("authenticator_enrolled", Telephone.PRIMARY),
    Event.DEVICE_REVOKED: Alert("authenticator_revoked", Telephone.PRIMARY),
    Event.DEVICE_DISABLED: Alert("authenticator_disabled", Telephone.PRIMARY, once=True),
    Event.COUNTER_BACK: Alert("passkey_copied", once=True),
    Event.BACKUP_CODE_USED: Alert("backup_code_used", Telephone.PRIMARY),
    Event.OPTED_OUT: Alert("opted_out"),
    Event.OPTED_BACK_IN: Alert("opted_back_in"),
    Event.SMS_SWITCHED_OFF: Alert("sms_switched_off", Telephone.PRIMARY),
    Event.SMS_SWITCHED_ON: Alert("sms_switched_on", Telephone.PRIMARY),
    Event.IDENTITY_REFUSED: Alert("identity_not_verified", Telephone.PRIMARY, once=True),
    Event.CARD_REQUESTED: Alert("card_requested", Telephone.PRIMARY),
    Event.CARD_SHIPPED: Alert("card_shipped"),
    Event.CARD_REQUIRED: Alert("card_required"),
    Event.CARD_SPENT: Alert("card_spent"),
    Event.CARD_LOST: Alert("card_lost", Telephone.PRIMARY),
    Event.CARD_FOUND: Alert("card_found", Telephone.PRIMARY),
    Event.CARD_RETURNED: Alert("card_returned"),
    Event.CARD_PIN_CHANGED: Alert("card_pin_changed", Telephone.PRIMARY),
    Event.CARD_SHARED: Alert("card_shared", Telephone.PRIMARY),
    Event.EMAIL_ADDED: Alert("email_added", Telephone.PRIMARY),
    Event.EMAIL_VERIFIED: Alert("email_verified"),
    Event.EMAIL_PRIMARY: Alert("email_primary", Telephone.PRIMARY),
    Event.EMAIL_REMOVED: Alert("email_removed", Telephone.PRIMARY),
    Event.PHONE_ADDED: Alert("phone_added", Telephone.PRIMARY),
    Event.PHONE_VERIFIED: Alert("phone_verified"),
    Event.PHONE_PRIMARY: Alert("phone_primary", Telephone.FORMER),
    Event.PHONE_REMOVED: Alert("phone_removed", Telephone.REMOVED),
    Event.PHONE_NEW_SIM: Alert("new_sim", Telephone.OTHERS),
    Event.PHONE_OPTED_OUT: Alert("phone_opted_out"),
    Event.PHONE_OPTED_IN: Alert("phone_opted_in"),
}
