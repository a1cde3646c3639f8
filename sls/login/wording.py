"""The sentences of the sign-in that no other room needs."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.challenges.wording import Problem, moment
from accounts.passwords.proof import Proof
from accounts.passwords.wording import slow_down
from sls.login.rules import Because, Why
from sls.policy import wording as policies


def of_proof(proof: Proof) -> Problem:
    """The sentence for a password that did not open; the same for names that do not exist."""
    if proof.barred is None:
        return Problem(
            "wrong_credentials",
            _("That user name and password do not match. Check both and try again."),
        )
    if not proof.barred.locked:
        return slow_down(proof.barred.until)
    return Problem(
        "locked",
        _(
            "Sign-in with this user name is paused until %(until)s after several passwords that "
            "did not match. Please try again then, or call us."
        )
        % {"until": moment(proof.barred.until)},
    )


def unknown_device() -> Problem:
    return Problem("unknown_device", _("Choose one of your own ways to sign in."))


def not_sent() -> Problem:
    return Problem("not_sent", _("This kind of code is made by your device and is not sent."))


def refused(why: Why) -> str:
    """The sentence for a sign-in that is over."""
    return {
        Why.INACTIVE: _("This user name cannot sign in. Please call us."),
        Why.NO_METHOD: _("There is no way left to verify that it is you. Please call us."),
        Why.NO_NUMBER: _("There is no telephone number on file for you. Please call us."),
        Why.TOO_WEAK: _(
            "Your account asks for a passkey now. Please start again and sign in with yours."
        ),
        Why.EXPIRED: _("That took longer than a sign-in may take. Please start again."),
        Why.REPORTED: _(
            "This sign-in was cancelled, because the call was reported as not asked for."
        ),
        Why.DONE: _("That sign-in is finished. Please start again."),
    }[why]


def last_used(at: datetime | None) -> str:
    """When an authenticator was last used, as one says it."""
    if at is None:
        return _("Not used yet")
    day = timezone.localdate(at)
    days = (timezone.localdate() - day).days
    if days < 1:
        return _("Last used today")
    if days == 1:
        return _("Last used yesterday")
    if days < 7:
        return _("Last used %(weekday)s") % {"weekday": date_format(day, "l")}
    return _("Last used on %(day)s") % {"day": policies.day(day)}


def because(reason: Because, passkey_since: date | None) -> str:
    """Why the page asks for this authenticator, in one sentence, or ""."""
    if reason is Because.POLICY:
        return policies.since(passkey_since)
    return {
        Because.ONLY: "",
        Because.HERE: _("You used it last in this browser."),
        Because.FIRST: _("It is first in your order."),
        Because.SAFEST: _("It is the safest of your ways to sign in."),
        Because.CHOSEN: _("You chose it."),
    }[reason]


def use_instead(way: str) -> str:
    return _("%(way)s would save you this code.") % {"way": way}


def add_passkey() -> str:
    return _(
        "A passkey would save you this code. Once you are signed in, add one in Settings, Security."
    )


def why_here(ended: str) -> str:
    """Why somebody is back at the sign-in page, or "" for codes that mean nothing."""
    sessions = {
        "idle": _("You were logged off after a time without use."),
        "absolute": _("You were logged off after the longest time a session may last."),
        "closed": _("Your session was ended from another place."),
        "revoked": _("Your session was ended. Please sign in again, or call us."),
        "removed": _(
            "That is done. Your session had been opened by that authenticator, so it ended too. "
            "Please sign in with another one."
        ),
    }
    if ended in sessions:
        return sessions[ended]
    return refused(Why(ended)) if ended in list(Why) else ""
