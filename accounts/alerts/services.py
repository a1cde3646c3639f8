import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import translation

from accounts import gathered, phrase
from accounts.alerts import categories, facts, rules
from accounts.alerts.catalogue import CATALOGUE, Alert, Telephone
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts import links, reached, sim
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.freeze import links as freeze_links
from accounts.origin import digest
from accounts.outbox import endpoints, guard
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel

MAIL_LIFE = timedelta(days=3)
TEXT_LIFE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class _Letter:
    """One of the messages of an alert; ``own`` is the phrase of a reader who is the owner."""

    channel: Channel
    to: str
    context: dict
    life: timedelta
    own: str


def send(alert: Alert, *, entry: Entry, note: dict) -> None:
    """Queues ``alert`` for everybody who hears of ``entry``; the caller is in its transaction."""
    if not is_told(entry):
        return
    owned = functools.partial(_owned, entry.user_id)
    with translation.override(entry.user.language):
        context = facts.of(entry, name=alert.name)
        links = {email: _links(entry, note, email) for email in _emails(entry, note, owned)}
    # Gone by an undo: whoever has it is the one whom the owner threw out.
    strangers = set(note.get("dropped", ()))
    letters = []
    for email, words in links.items():
        own = "" if email in strangers else phrase.of(entry.user)
        letters.append(_Letter(Channel.EMAIL, email.address, context | words, MAIL_LIFE, own))
    for phone in _telephones(alert, entry, note, owned):
        here = {"is_contact": phone == note.get("phone")}
        own = "" if phone in strangers else phrase.of(entry.user)
        letters.append(_Letter(Channel.SMS, phone.number, context | here, TEXT_LIFE, own))
    if not _is_silenced(entry):
        here = {"kind": "alert", "id": context["entry_reference"]}
        letters.extend(
            _Letter(Channel.PUSH, str(endpoint), context | here, TEXT_LIFE, "")
            for endpoint in owned().endpoints
            if not endpoints.is_dropped(endpoint)
        )
    _queue(alert, entry, letters)


def is_told(entry: Entry) -> bool:
    """Whether ``entry`` is one that its owner is told of. No query."""
    is_theirs = entry.user_id is not None and entry.event in CATALOGUE
    return is_theirs and not _is_told_otherwise(entry)


# Steps of a first enrolment: one alert says that it is done.
_STEPS = frozenset({Event.EMAIL_VERIFIED, Event.PHONE_VERIFIED, Event.DEVICE_ENROLLED})


def _is_told_otherwise(entry: Entry) -> bool:
    """Whether another alert says the same, or there is nothing to say.

    The authenticator of a number ends with the number, and the change of number is told.
    """
    if entry.user.activated_at is None and entry.event in _STEPS:
        return True
    if entry.detail.get("why") == "frozen":  # a part of it, which is told as a whole
        return True
    # The rule that stopped automation is told, with what met it.
    if entry.event == Event.AUTOMATION_STOPPED and entry.detail.get("why") == "rule":
        return True
    # Of refusals, only those tell that somebody else knows the password.
    if entry.event == Event.SIGN_IN_REFUSED and entry.detail.get("why") != "address":
        return True
    return entry.event == Event.DEVICE_REVOKED and entry.detail.get("why") == "number_changed"


# Where the owner is told; read once for what is recorded together.
type _Owned = Callable[[], reached.ToTell]


def _owned(user_id: int) -> reached.ToTell:
    known, key = gathered.known(), ("to tell", user_id)
    if key not in known:
        known[key] = reached.to_tell(user_id)
    return known[key]


def _emails(entry: Entry, note: dict, owned: _Owned) -> list[EmailAddress]:
    emails = [] if _is_silenced(entry) else list(owned().emails)
    if entry.event == Event.EMAIL_REMOVED and note["email"].verified_at is not None:
        emails.append(note["email"])
    if entry.event == Event.EMAIL_UNDONE:
        emails.extend(note["dropped"])
    return emails


def _is_silenced(entry: Entry) -> bool:
    """Whether the owner wants no e-mail of it, and may do without."""
    category = categories.of(entry.event)
    is_chosen = rules.is_chosen(entry.user.alert_choices, rules.NO_EMAIL, category)
    return is_chosen and entry.event in categories.SILENCEABLE


def _links(entry: Entry, note: dict, email: EmailAddress) -> dict[str, str]:
    """How the reader stops everything, and undoes a change of contacts that they were there for."""
    not_me = freeze_links.url(entry.user, to=email.address, at=entry.at)
    change = note.get("change")
    if not (url := links.of(change, email)):
        return {"not_me_url": not_me}
    until = facts.when(change.until, entry.user.zone)
    return {"not_me_url": not_me, "undo_url": url, "undo_until": until}


def _telephones(alert: Alert, entry: Entry, note: dict, owned: _Owned) -> list[PhoneNumber]:
    """Numbers that were the owner's before the change and take text messages."""
    telephone = alert.telephone
    category = categories.of(entry.event)
    if telephone is Telephone.NONE and rules.is_chosen(
        entry.user.alert_choices, rules.ALSO_SMS, category
    ):
        telephone = Telephone.PRIMARY
    if telephone is Telephone.NONE or note.get("no_text") or _is_told_by_text(entry):
        return []
    found = {
        Telephone.PRIMARY: lambda: [owned().phone],
        Telephone.ALL: lambda: reached.numbers_to_tell(entry.user_id),
        Telephone.OTHERS: lambda: sim.others_to_tell(note["phone"]),
        Telephone.BOTH: lambda: [note.get("old"), note.get("phone")],
        Telephone.REMOVED: lambda: [note.get("phone")],
        Telephone.UNDONE: lambda: [note.get("phone"), *note.get("dropped", [])],
    }[telephone]()
    is_new = note.get("phone") if telephone in _NOT_TO_NEW else None
    return [phone for phone in found if phone and phone != is_new and _is_reached(phone)]


_NOT_TO_NEW = {Telephone.PRIMARY, Telephone.OTHERS}


def _is_reached(phone: PhoneNumber) -> bool:
    is_verified = phone.verified_at is not None
    return is_verified and phone.takes_sms and not guard.refusal(phone.number)


def _is_told_by_text(entry: Entry) -> bool:
    """Whether another text message says the same: that of the number whose authenticator it is,
    or of the authenticator that took the place of this one."""
    replaced = entry.detail.get("why") in {"replaced", "renewed"}
    return replaced or (entry.event in _DEVICES and entry.detail.get("method") == "sms")


_DEVICES = frozenset({Event.DEVICE_ENROLLED, Event.DEVICE_REVOKED})


def _queue(alert: Alert, entry: Entry, letters: list[_Letter]) -> None:
    if not alert.once:
        outbox.post(*(outbox.compose(**_of(one, alert, entry), phrase=one.own) for one in letters))
        return
    once = {}
    for one in letters:
        reader = digest(one.to)[:32]
        key = f"{entry.event}:{entry.user_id}:{entry.at.date()}:{one.channel}:{reader}"
        once[key] = functools.partial(outbox.compose, **_of(one, alert, entry), phrase=one.own)
    outbox.post_once(once)


def _of(letter: _Letter, alert: Alert, entry: Entry) -> dict:
    return {
        "user": entry.user,
        "channel": letter.channel,
        "name": alert.name,
        "to": letter.to,
        "language": entry.user.language,
        "context": letter.context,
        "expires_at": entry.at + letter.life,
    }
