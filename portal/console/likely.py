"""Why a client most likely calls, from what the page knows anyway. Pure but for its words.

The first line is what staff see on top; each says what to suggest. (FIRSTS 12.)
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

RECENT = timedelta(minutes=10)
LATELY = timedelta(hours=24)
SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Send:
    """A code that was sent: by which channel, what became of it, and what the carrier said."""

    at: datetime
    channel: str
    status: str
    meaning: str = ""  # an ``outbox.errors.Meaning``, "" for none


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the client at ``now``."""

    now: datetime
    frozen: bool = False
    closed: bool = False
    activated: bool = True
    locked: bool = False
    recovering: bool = False
    restricted: bool = False
    refused_for: tuple[str, ...] = ()  # ``why`` of the sign-ins refused lately
    sends: tuple[Send, ...] = ()
    wrong_codes: int = 0
    disabled: tuple[str, ...] = ()  # labels of authenticators
    waiting_cards: tuple[str, ...] = ()  # labels of cards that were sent and not activated
    usable: int = 0  # authenticators that can prove something
    held: bool = False
    stronger: tuple[str, ...] = field(default=())  # labels of what else they hold


@dataclass(frozen=True, slots=True)
class Likely:
    """One reason, and what to suggest."""

    what: str
    suggest: str


def reasons(facts: Facts) -> list[Likely]:
    """What it may be about, the most likely first; empty when nothing stands out."""
    if facts.closed:
        return [Likely(_("This user name is closed."), _("Nothing can be signed in with it."))]
    if not facts.activated:
        what = _("The account was never activated.")
        return [Likely(what, _("Send the activation code again by e-mail."))]
    parts = (_stopped, _undelivered, _kept_out, _devices, _waiting)
    return [one for part in parts for one in part(facts)]


def _stopped(facts: Facts) -> Iterator[Likely]:
    if facts.frozen:
        yield Likely(
            _("Everything is stopped."),
            _("Identify the client. A support lead and a second person let everything go on."),
        )


def _kept_out(facts: Facts) -> Iterator[Likely]:
    if facts.locked:
        yield Likely(
            _("Sign-in is paused after wrong passwords."),
            _("Identify the client, then lift the pause. Forgotten? The sign-in page helps."),
        )
    if "address" in facts.refused_for:
        yield Likely(
            _("A sign-in was refused because of the IP restrictions."),
            _("Suggest the emergency door on the sign-in page, or ask a lead to remove them."),
        )
    if facts.wrong_codes >= SEVERAL:
        what = ngettext(
            "%(count)d wrong security code in the last day.",
            "%(count)d wrong security codes in the last day.",
            facts.wrong_codes,
        )
        yield Likely(
            what % {"count": facts.wrong_codes},
            _("Only the newest message counts: its reference stands on the page and in it."),
        )


def _devices(facts: Facts) -> Iterator[Likely]:
    for label in facts.disabled:
        yield Likely(
            _("%(device)s takes no answers after too many wrong ones.") % {"device": label},
            _("Suggest another authenticator; or, with a second person, allow this one again."),
        )
    if facts.usable == 0:
        yield Likely(
            _("No authenticator of the client can prove anything now."),
            _("A temporary passcode, with a second person, leads back in."),
        )
    for label in facts.waiting_cards:
        yield Likely(
            _("%(card)s was sent and is not activated yet.") % {"card": label},
            _("It is activated on the Secure Login System page."),
        )


def _waiting(facts: Facts) -> Iterator[Likely]:
    if facts.recovering:
        yield Likely(
            _("A new way to sign in was asked for, and waits."),
            _("It comes into force by itself; every contact was told."),
        )
    if facts.held:
        yield Likely(
            _("Something is held after a change."), _("The hold ends by itself; see below.")
        )


def _undelivered(facts: Facts) -> Iterator[Likely]:
    lost = [
        one
        for one in facts.sends
        if one.status in ("undelivered", "failed") and facts.now - one.at <= RECENT
    ]
    if not lost:
        return
    what = ngettext(
        "%(count)d security code was not delivered in the last 10 minutes",
        "%(count)d security codes were not delivered in the last 10 minutes",
        len(lost),
    ) % {"count": len(lost)}
    carrier = _carrier(lost[0].meaning)
    suggest = _("Suggest a voice call.")
    if any(one.channel == "voice" for one in lost):
        suggest = _("Suggest another authenticator, or try again later.")
    if facts.stronger:
        suggest = _("Suggest %(device)s, or a voice call.") % {"device": facts.stronger[0]}
    yield Likely(f"{what}{carrier}.", suggest)


def _carrier(meaning: str) -> str:
    said = {
        "landline": _("the carrier reports a landline"),
        "no_sms": _("the carrier says that the number takes no text messages"),
        "inactive": _("the carrier says that the number is not in use"),
        "unreachable": _("the phone could not be reached"),
        "blocked": _("the carrier did not let it through"),
        "stopped": _("the number answered STOP"),
    }.get(meaning, "")
    return f": {said}" if said else ""
