"""What home says, read in one query."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.alerts.facts import device_in_words
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.client_accounts import opt_out
from accounts.client_accounts.models import Membership
from accounts.contacts.models import EmailAddress, LineType, PhoneNumber
from accounts.contacts.rules import masked_email, masked_phone
from accounts.holds import services as holds
from accounts.holds.models import What
from accounts.holds.wording import waits
from accounts.outbox.lookups import new_sim_wait
from accounts.outbox.rules import new_sim_until
from accounts.prepared import prepared
from accounts.users.models import User

EVENTS = 5
# One subquery for the whole number: each costs more to build than to run.
_PHONE = JSONObject(
    number="number",
    stopped_at="opted_out_at",
    line="line_type",
    no_text="sms_refused_by_carrier",
    swapped_at="sim_swapped_at",
)
_HOLD = JSONObject(until="until", why="why")


@dataclass(frozen=True, slots=True)
class Happening:
    """An entry of the audit chain in the owner's words."""

    label: str
    at: datetime
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Attention:
    """Something to do: a sentence, and where (the name of a URL)."""

    text: str
    url: str
    action: str


@dataclass(frozen=True, slots=True)
class Overview:
    """``phone`` and ``email`` are masked, "" when there is none; ``account`` is a number.

    ``withdrawals`` says until when they wait and why, "" when they do not.
    """

    events: list[Happening]
    attention: list[Attention]
    account: str
    phone: str
    email: str
    withdrawals: str


def overview(user: User) -> Overview:
    """The state of a client's access, and the last things that happened.

    One query: the facts hang on the last entries of the audit chain, of which a signed-in person
    has at least the sign-in. A second one for whoever has to be opted back in by others.
    """
    entries = _entries(user_id=user.pk, now=timezone.now())
    facts = entries[0]
    phone = facts.phone or {}
    attention = (
        _about_opting_out(user, may_opt_in=facts.may_opt_in),
        _about_phone(phone),
        _about_email(facts.email),
    )
    return Overview(
        events=[_happening(entry) for entry in entries],
        attention=[found for found in attention if found],
        account=facts.account or "",
        phone=masked_phone(phone["number"]) if phone else "",
        email=masked_email(facts.email) if facts.email else "",
        withdrawals=waits(facts.held["why"], _moment(facts.held["until"])) if facts.held else "",
    )


def _moment(text: str) -> datetime:
    """A time out of JSON; SQLite leaves out the zone."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@prepared
def _entries(user_id: int, now: datetime) -> QuerySet[Entry]:
    mine = {"user": OuterRef("user")}
    phones = PhoneNumber.objects.filter(**mine, primary=True)
    emails = EmailAddress.objects.filter(**mine, primary=True)
    accounts = Membership.objects.filter(**mine).order_by("account__number")
    held = holds.live(now).filter(**mine, what=What.WITHDRAWALS).order_by("-until")
    return (
        Entry.objects.filter(user=user_id)
        .annotate(
            account=Subquery(accounts.values("account__number")[:1]),
            phone=Subquery(phones.values(facts=_PHONE)[:1]),
            email=Subquery(emails.values("address")[:1]),
            held=Subquery(held.values(facts=_HOLD)[:1]),
            may_opt_in=Exists(opt_out.may_opt_in(user_id).filter(opted_out=True)),
        )
        .order_by("-number")[:EVENTS]
    )


def _happening(entry: Entry) -> Happening:
    return Happening(
        label=Event(entry.event).label,
        at=entry.at,
        address=entry.origin.get("address", ""),
        agent=device_in_words(entry.origin.get("agent", "")),
    )


def _about_opting_out(user: User, *, may_opt_in: bool) -> Attention | None:
    """``may_opt_in``: the user owns an account of somebody who is opted out, maybe their own."""
    mine = _("You are opted out of the Secure Login System, so your withdrawal limits are lower.")
    if may_opt_in:
        other = _("Somebody on your account is opted out of the Secure Login System.")
        return Attention(mine if user.opted_out else other, "opted_out", _("Opt back in"))
    if not user.opted_out:
        return None
    owners = opt_out.who_may(user)
    if not owners:
        text = _("You are opted out of the Secure Login System. Please call us.")
        return Attention(text, "help", _("Help"))
    who = _("The owner of your account can opt you back in: %(names)s.")
    text = f"{mine} {who % {'names': ', '.join(owners)}}"
    return Attention(text, "opted_out", _("See who may do it"))


def _about_phone(phone: dict[str, Any]) -> Attention | None:
    if not phone:
        text = _("There is no verified mobile number that security codes can be sent to.")
        return Attention(text, "phones", _("Add a number"))
    if phone["swapped_at"] and _is_new_sim(_moment(phone["swapped_at"])):
        text = _(
            "The SIM card of your mobile number was changed. If that was not you, call us now."
        )
        return Attention(text, "not_me", _("This was not me"))
    if phone["stopped_at"] is not None:
        text = _("Text messages to your mobile number were stopped, so codes come by call only.")
        return Attention(text, "phones", _("See how to allow them again"))
    if phone["line"] == LineType.LANDLINE:
        text = _("Your number is a landline, so codes come by call only.")
        return Attention(text, "phones", _("Add a mobile number"))
    if phone["no_text"]:
        text = _(
            "Your carrier does not deliver text messages to your mobile number, so codes come by "
            "call only."
        )
        return Attention(text, "phones", _("Review your numbers"))
    return None


def _is_new_sim(swapped_at: datetime) -> bool:
    now = timezone.now()
    return new_sim_until(swapped_at, wait=new_sim_wait(), now=now) is not None


def _about_email(address: str | None) -> Attention | None:
    if address is not None:
        return None
    text = _("There is no verified e-mail address that alerts can be sent to.")
    return Attention(text, "emails", _("Add an address"))
