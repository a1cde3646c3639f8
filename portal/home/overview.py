"""What home says: the facts of one query, the authenticators, and what is in motion."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import agents, joined
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.client_accounts import opt_out
from accounts.client_accounts.models import LegalEntity, Membership
from accounts.contacts import check
from accounts.contacts import rules as contacts
from accounts.contacts.models import EmailAddress, LineType, PhoneNumber
from accounts.ip_restrictions.models import Restriction
from accounts.joined import Read
from accounts.outbox.lookups import new_sim_wait
from accounts.outbox.rules import new_sim_until
from accounts.passwords.demand import suggested
from accounts.prepared import prepared
from accounts.sessions.models import Session
from accounts.users.models import User
from portal.home import checkup, motion
from portal.home.rules import Facts
from sls.methods import registry
from sls.methods.protocol import DeviceRow
from sls.methods.rules import TEMPORARY, Strength, is_spare

EVENTS = 5
# One subquery for the whole number: each costs more to build than to run.
_PHONE = JSONObject(
    number="number",
    stopped_at="opted_out_at",
    line="line_type",
    no_text="sms_refused_by_carrier",
    swapped_at="sim_swapped_at",
)
_ACCOUNT = JSONObject(number="account__number", entity="account__entity")
RECENT = timedelta(days=7)  # how long a sign-in from a new device is worth a look
OWN = timedelta(seconds=5)  # what is recorded with a session's own sign-in is no news to it


@dataclass(frozen=True, slots=True)
class Happening:
    """An entry of the audit chain in the owner's words; ``number`` names it in the chain."""

    number: int
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
    """``attention`` is what the page opens with, the most pressing first. ``account`` is a number,
    "" while there is none, and ``entity`` who holds it. ``next_check`` is when the contacts are
    asked about again.

    ``password_is_old`` asks for a reminder that can be put off.
    """

    events: list[Happening]
    attention: list[Attention]
    sections: list[checkup.Shown]
    moving: list[motion.Moving]
    account: str
    entity: str
    next_check: datetime | None
    password_is_old: bool


def overview(user: User, *, session: Session) -> Overview:
    """The state of a client's access, and the last things that happened.

    One query: the facts hang on the last entries of the audit chain, of which a signed-in person
    has at least the sign-in; the authenticators; what is in motion. Another one for whoever has to
    be opted back in by others.
    """
    now = timezone.now()
    since = {"recent": now - RECENT, "before": session.opened_at - OWN, "now": now}
    entries, devices, moving = joined.read(
        Read(_entries, {"user_id": user.pk, "key": session.key, **since}),
        registry.reading(user.pk),
        motion.reading(user, now),
    )
    read = entries[0]
    phone, account = read.phone or {}, read.account or {}
    attention = (
        _about_phone(phone),
        _about_email(read.email),
        _about_opting_out(user, may_opt_in=read.may_opt_in),
        _about_trial(on_trial=read.on_trial),
    )
    facts = _facts(user, session, read, devices, now)
    return Overview(
        events=[_happening(entry) for entry in entries],
        attention=[found for found in attention if found],
        sections=checkup.shown(facts),
        moving=moving,
        account=account.get("number", ""),
        entity=str(LegalEntity(account["entity"]).label) if account else "",
        next_check=_next_check(user),
        password_is_old=suggested(user),
    )


def _facts(
    user: User, session: Session, read: Entry, devices: Sequence[DeviceRow], now: datetime
) -> Facts:
    methods = [registry.get(row.method) for row in devices]
    spare = [is_spare(permanent=one.permanent, sent=bool(one.channels)) for one in methods]
    lasting = [one.strength for one, stands_in in zip(methods, spare, strict=True) if not stands_in]
    phone = read.phone or {}
    return Facts(
        permanent=len(lasting),
        own=sum(strength > Strength.TELEPHONE for strength in lasting),
        passkeys=sum(strength >= Strength.PHISHING_RESISTANT for strength in lasting),
        spare=any(
            stands_in and one.code not in TEMPORARY
            for one, stands_in in zip(methods, spare, strict=True)
        ),
        opted_out=user.opted_out,
        bridged=session.method in TEMPORARY,
        passkey_due=session.enrol_only_from is not None,
        recovering=user.recovering,
        new_sim=_is_new_sim(_moment(phone.get("swapped_at"))),
        phone=bool(phone),
        calls_only=bool(phone) and _calls_only(phone),
        email=read.email is not None,
        check_due=check.is_due(user, now),
        others=read.others,
        unusual=read.unusual,
        new_device=read.new_device,
        restricted=bool(user.restrictions),
        on_trial=read.on_trial,
    )


def _next_check(user: User) -> datetime | None:
    return contacts.ask_from(
        every=timedelta(days=settings.CONTACT_CHECK_DAYS),
        activated_at=user.activated_at,
        confirmed_at=user.contacts_confirmed_at,
        put_off=user.contacts_ask_at,
    )


def _moment(text: str | None) -> datetime | None:
    """A time out of JSON; SQLite leaves out the zone. None for a hold without an end."""
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@prepared
def _entries(
    user_id: int, key: str, recent: datetime, before: datetime, now: datetime
) -> QuerySet[Entry]:
    mine = {"user": OuterRef("user")}
    phones = PhoneNumber.objects.filter(**mine, primary=True)
    emails = EmailAddress.objects.filter(**mine, primary=True)
    accounts = Membership.objects.filter(**mine).order_by("account__number")
    trial = Restriction.objects.on_trial().filter(user=user_id, turns_at__gt=now)
    others = Session.objects.filter(**mine, ended_at=None, expires_at__gt=now).exclude(key=key)
    lately = Entry.objects.filter(user=user_id, at__gt=recent, at__lt=before)
    return (
        Entry.objects.filter(user=user_id)
        .annotate(
            account=Subquery(accounts.values(facts=_ACCOUNT)[:1]),
            phone=Subquery(phones.values(facts=_PHONE)[:1]),
            email=Subquery(emails.values("address")[:1]),
            may_opt_in=Exists(opt_out.may_opt_in(user_id).filter(opted_out=True)),
            on_trial=Exists(trial),
            others=Exists(others),
            unusual=Exists(lately.filter(event=Event.SIGNED_IN_UNUSUAL)),
            new_device=Exists(lately.filter(event=Event.SIGNED_IN_NEW_DEVICE)),
        )
        .order_by("-number")[:EVENTS]
    )


def _happening(entry: Entry) -> Happening:
    return Happening(
        number=entry.number,
        label=_label(entry),
        at=entry.at,
        address=entry.origin.get("address", ""),
        agent=agents.in_words(entry.origin.get("agent", "")),
    )


def _label(entry: Entry) -> str:
    """What happened; of a refusal by the list of addresses also the cause (UX R40)."""
    if entry.event == Event.SIGN_IN_REFUSED and entry.detail.get("why") == "address":
        return _("Sign-in refused: outside your IP restrictions")
    return Event(entry.event).label


def _about_trial(*, on_trial: bool) -> Attention | None:
    if not on_trial:
        return None
    text = _("Your IP restrictions are on trial. Unless you confirm them, they are taken back.")
    return Attention(text, "ip_restrictions", _("Confirm them"))


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
    if _is_new_sim(_moment(phone["swapped_at"])):
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


def _is_new_sim(swapped_at: datetime | None) -> bool:
    if swapped_at is None:
        return False
    now = timezone.now()
    return new_sim_until(swapped_at, wait=new_sim_wait(), now=now) is not None


def _calls_only(phone: dict[str, Any]) -> bool:
    is_landline = phone["line"] == LineType.LANDLINE
    return phone["stopped_at"] is not None or is_landline or bool(phone["no_text"])


def _about_email(address: str | None) -> Attention | None:
    if address is not None:
        return None
    text = _("There is no verified e-mail address that alerts can be sent to.")
    return Attention(text, "emails", _("Add an address"))
