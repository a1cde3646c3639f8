"""Which change stops what, and until when. Pure."""

from datetime import datetime, timedelta

AUTHENTICATOR, EMAIL, PHONE, SIM = "authenticator", "email", "phone", "sim"
PASSWORD = "password"  # noqa: S105
FROZEN, TRANSACTION = "frozen", "transaction"
SUPPORT = "support"
# What holds until somebody lifts it, however long that takes.
ENDLESS = (FROZEN, TRANSACTION)
# What changed, by the value of the audit event.
CHANGES = {
    "device.enrolled": AUTHENTICATOR,
    "device.revoked": AUTHENTICATOR,
    "device.sms_off": AUTHENTICATOR,
    "device.sms_on": AUTHENTICATOR,
    "card.lost": AUTHENTICATOR,
    "card.found": AUTHENTICATOR,
    "card.pin_changed": AUTHENTICATOR,
    "email.added": EMAIL,
    "email.verified": EMAIL,
    "email.primary": EMAIL,
    "email.removed": EMAIL,
    "phone.added": PHONE,
    "phone.verified": PHONE,
    "phone.primary": PHONE,
    "phone.removed": PHONE,
    "email.undone": EMAIL,
    "phone.undone": PHONE,
    "phone.new_sim": SIM,
    "password.changed": PASSWORD,
}

# What a freeze holds besides the trading, and what of that it holds for each choice.
FREEZES = ("withdrawals", "bank", "settings")
TRADING = {"nothing": (), "close_only": ("opening",), "none": ("opening", "trading")}


def frozen(trading: str) -> tuple[str, ...]:
    """Everything that a freeze holds which stops ``trading`` that far."""
    return FREEZES + TRADING[trading]


def change(event: str, *, activated: bool, again: bool = False) -> str | None:
    """What a recorded event changed of how somebody is known, or None for everything else.

    A client who is not ``activated`` yet enrols for the first time. A contact that was only
    verified ``again`` is the same as before.
    """
    return None if not activated or again else CHANGES.get(event)


def until(running: datetime | None, *, at: datetime, length: timedelta) -> datetime:
    """Until when a hold runs that is placed at ``at``; what is ``running`` never gets shorter."""
    end = at + length
    return end if running is None else max(running, end)
