"""An entry of the record, and a message, as their owner reads them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts import agents, places
from accounts.alerts import facts
from accounts.alerts.catalogue import CATALOGUE
from accounts.approvals import wording as approvals
from accounts.audit.events import Event
from accounts.audit.kinds import Kind
from accounts.audit.models import Entry
from accounts.contacts.rules import masked_email, masked_phone
from accounts.documents.models import Kind as DocumentKind
from accounts.outbox.models import Channel, Message, Status


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. ``more`` are facts in words; ``by`` is "" for the owner."""

    number: int
    at: datetime
    label: str
    cause: str
    more: list[str]
    by: str
    device: str
    place: str
    address: str
    reference: str
    kind: str


def line(entry: Entry) -> Line:
    """``entry`` in words."""
    origin = entry.origin
    address = origin.get("address", "")
    return Line(
        number=entry.number,
        at=entry.at,
        label=label(entry),
        cause=cause(entry),
        more=_more(entry),
        by=by(entry),
        device=agents.in_words(origin.get("agent", "")),
        place=places.in_words(address) if address else "",
        address=address,
        reference=facts.reference(entry),
        kind=Kind(entry.kind).name.lower(),
    )


def label(entry: Entry) -> str:
    """What happened. An event that this version does not know is told by its stored name."""
    try:
        return str(Event(entry.event).label)
    except ValueError:
        return entry.event


def cause(entry: Entry) -> str:
    """Why something was refused or ended, "" where the entry does not say."""
    return cause_of(str(entry.detail.get("why", "")))


def cause_of(why: str) -> str:
    """The stored ``why`` in words, "" for one that has none."""
    return {
        "address": _("It came from outside your IP restrictions."),
        "inactive": _("The user name was not active."),
        "locked": _("Sign-in was paused after wrong passwords."),
        "frozen": _("The account was frozen."),
        "owner_frozen": _("Another owner of the account stopped everything."),
        "unusual": _("It was too unusual for the proof that was given."),
        "no_method": _("There was no second factor to ask for."),
        "no_number": _("There was no telephone number to send a code to."),
        "too_weak": _("It takes a stronger second factor."),
        "expired": _("It took too long."),
        "reported": _("The call was reported as not asked for."),
        "password_changed": _("The password was changed in between."),
        "undone": _("A change of contacts was undone in between."),
        "idle": _("It was not used for a while."),
        "logged_off": _("You logged off."),
        "taken_over": _("Another trading session took its place."),
        "weekly": _("Its week was over."),
        "not_here": _("The second factor that it takes does not work on that platform."),
        "portal": _("That user name signs in at the portal only."),
        "replaced": _("It was replaced by another."),
    }.get(why, "")


def by(entry: Entry) -> str:
    """Who did it, when it was not the owner."""
    if entry.actor == "self":
        return ""
    if entry.actor.startswith("staff"):
        name = entry.detail.get("staff")
        return _("%(name)s of our staff") % {"name": name} if name else _("Support")
    return _("The system") if entry.actor == "system" else _("Somebody on your account")


def _more(entry: Entry) -> list[str]:
    detail = entry.detail
    found = [facts.method(str(detail["method"]))] if detail.get("method") else []
    names = ("device", "card", "account", "period")
    found += [str(detail[name]) for name in names if detail.get(name)]
    if detail.get("document") in DocumentKind.values:
        found.insert(0, str(DocumentKind(detail["document"]).label))
        found.append(f"SHA-256 {detail['sha256']}")
    if detail.get("act"):
        # The mail of that time said so too.
        found += [approvals.act(str(detail["act"])), str(detail.get("reason", ""))]
    if phone := detail.get("phone"):
        found.append(masked_phone(str(phone)))
    if email := detail.get("email"):
        found.append(masked_email(str(email)))
    return [one for one in found if one]


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that was sent to the owner; never what it said."""

    at: datetime
    label: str
    kind: str
    channel: str
    to: str
    status: str
    tone: str


_STATUS_TONES = {
    Status.DELIVERED: "good",
    Status.UNDELIVERED: "warning",
    Status.FAILED: "warning",
}


def sent(message: Message) -> Sent:
    """``message`` in words."""
    to = {Channel.EMAIL: masked_email, Channel.PUSH: lambda _to: ""}
    return Sent(
        at=message.created_at,
        label=_name(message.name),
        kind=message.channel,
        channel=str(Channel(message.channel).label),
        to=to.get(Channel(message.channel), masked_phone)(message.to),
        status=str(_handed(message)),
        tone=_STATUS_TONES.get(Status(message.status), ""),
    )


def _handed(message: Message) -> str:
    if message.channel == Channel.EMAIL and message.status == Status.SENT:
        return _("Accepted by the mail server")
    return str(Status(message.status).label)


def _name(name: str) -> str:
    told = {
        "security_code": _("Security code"),
        "caller_code": _("Code for a conversation with our staff"),
        "caller_reference": _("Reference of a conversation, read out by a call"),
        "activation": _("Activation code"),
        "recovery_code": _("Code for the way back into the account"),
        "unlock_code": _("Code for lifting a pause"),
        "user_name": _("Your user name"),
        "temporary_passcode": _("Temporary passcode"),
        "card_pin": _("PIN of a security card"),
        "test_message": _("Test message"),
        "approval_request": _("Request to IB Key"),
        "test_notification": _("Test notification"),
        "recovery_requested": _("New way to sign in asked for"),
    }
    if name in told:
        return told[name]
    event = next((event for event, alert in CATALOGUE.items() if alert.name == name), None)
    return _("About: %(what)s") % {"what": Event(event).label} if event else _("Message")
