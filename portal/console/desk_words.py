"""A message in words for staff, with as much of its number as they may see."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.alerts.catalogue import CATALOGUE
from accounts.audit.events import Event
from accounts.outbox import errors
from accounts.outbox.errors import Kind, Meaning
from accounts.outbox.models import Channel, Message, Status
from portal.console import charts

# What is no alert: a code, a call that asks, a letter to staff. Of an alert the event says it.
NAMES: dict[str, Promise] = {
    "security_code": gettext_lazy("Security code"),
    "recovery_code": gettext_lazy("Code for coming back in"),
    "unlock_code": gettext_lazy("Code that ends a pause of sign-in"),
    "caller_code": gettext_lazy("Code for a conversation"),
    "caller_reference": gettext_lazy("Reference of a conversation"),
    "transaction_question": gettext_lazy("Question about a transaction"),
    "temporary_passcode": gettext_lazy("Temporary passcode"),
    "card_pin": gettext_lazy("PIN of a security card"),
    "activation": gettext_lazy("Activation of a user name"),
    "approval_request": gettext_lazy("Request to approve a sign-in"),
    "digest": gettext_lazy("Report of the security of an account"),
    "passkey_demanded": gettext_lazy("A passkey will be needed"),
    "recovery_requested": gettext_lazy("Somebody asks to come back in"),
    "spending_stopped": gettext_lazy("Range of numbers stopped (to staff)"),
    "staff_refused": gettext_lazy("Attempt refused (to staff)"),
    "tls_weak": gettext_lazy("Weak encryption of our address (to staff)"),
    "webhook_gone": gettext_lazy("Webhook switched off (to staff)"),
    "test_message": gettext_lazy("Test message"),
    "test_notification": gettext_lazy("Test notification"),
    "user_name": gettext_lazy("Forgotten user name"),
}
_EVENTS = {alert.name: event for event, alert in reversed(CATALOGUE.items())}

SEEN = 2  # digits of a number that staff see

MEANINGS: dict[Meaning, Promise] = {
    Meaning.BAD_NUMBER: gettext_lazy("not a number that can be reached"),
    Meaning.INACTIVE: gettext_lazy("number not in use"),
    Meaning.NO_SMS: gettext_lazy("number takes no text messages; suggest voice"),
    Meaning.LANDLINE: gettext_lazy("landline; suggest voice"),
    Meaning.STOPPED: gettext_lazy("stopped by STOP from the telephone"),
    Meaning.UNREACHABLE: gettext_lazy("telephone off or out of reach"),
    Meaning.BLOCKED: gettext_lazy("blocked by the carrier or the recipient"),
    Meaning.COUNTRY: gettext_lazy("country not enabled at the provider"),
    Meaning.EXPIRED: gettext_lazy("not delivered within its life"),
    Meaning.BUSY: gettext_lazy("provider busy or away"),
    Meaning.HELD: gettext_lazy("held by a check against fraud"),
    Meaning.NEW_SIM: gettext_lazy("new SIM card; code for a sensitive change kept back"),
    Meaning.STOPPED_RANGE: gettext_lazy("range stopped: hardly a code was used"),
    Meaning.CARRIER: gettext_lazy("carrier could not deliver"),
    Meaning.OURS: gettext_lazy("our own settings or content; tell operations"),
}
OWN: dict[str, Promise] = {
    "expired": MEANINGS[Meaning.EXPIRED],
    "busy": MEANINGS[Meaning.BUSY],
    "guard": gettext_lazy("budget of sends used up"),
    "refused": gettext_lazy("never sent to numbers of this kind"),
    "new_sim": MEANINGS[Meaning.NEW_SIM],
    "pumping": MEANINGS[Meaning.STOPPED_RANGE],
    "unreadable": gettext_lazy("content could not be opened; tell operations"),
    "not_found": gettext_lazy("the provider has no trace of it"),
    "ringing": gettext_lazy("ringing"),
    "answered": gettext_lazy("answered"),
    "no-answer": gettext_lazy("nobody answered"),
    "no_key": gettext_lazy("answered, no key pressed: no code read"),
    "canceled": gettext_lazy("call cancelled"),
    "sandbox": gettext_lazy("sandbox: nothing is delivered"),
}
KINDS: dict[Kind, Promise] = {
    Kind.NUMBER: gettext_lazy("permanent for this number"),
    Kind.CONFIGURATION: gettext_lazy("ours to mend"),
    Kind.RETRY: gettext_lazy("safe to repeat"),
    Kind.TRANSIENT: gettext_lazy("passing trouble"),
    Kind.AMBIGUOUS: gettext_lazy("may have been sent"),
    Kind.FRAUD: gettext_lazy("stopped as fraud"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One message. ``cause`` is "" while nothing went wrong; ``used`` says that its code was."""

    at: datetime
    channel: str
    name: str
    to: str
    country: str
    status: str
    state: str
    cause: str
    code: int | None
    provider_id: str
    used: bool
    tries: int


def line(message: Message) -> Line:
    """``message`` in words."""
    return Line(
        at=message.created_at,
        channel=str(Channel(message.channel).label),
        name=named(message.name),
        to=masked(message.to),
        country=charts.country(message.country) if message.country else "",
        status=message.status,
        state=str(Status(message.status).label),
        cause=cause(message),
        code=message.error_code,
        provider_id=message.provider_id,
        used=message.used_at is not None,
        tries=message.tries,
    )


def named(name: str) -> str:
    """What a message is, by the folder of its words; one that this version does not know, as it is
    stored."""
    if name in NAMES:
        return str(NAMES[name])
    event = _EVENTS.get(name)
    return str(Event(event).label) if event else name


def cause(message: Message) -> str:
    """What went wrong, or how far a call has come, in words; "" where there is nothing to say."""
    if message.error_code is not None:
        error = errors.classify(message.error_code)
        return f"{MEANINGS[error.meaning]} ({KINDS[error.kind]})"
    if message.detail == "busy" and message.status == Status.UNDELIVERED:
        return _("line busy or call declined")
    return str(OWN.get(message.detail, ""))


def masked(to: str) -> str:
    """The last two digits of a number; of an address its domain."""
    if "@" in to:
        return f"•••@{to.rpartition('@')[2]}"
    return f"•••• {to[-SEEN:]}" if to else ""
