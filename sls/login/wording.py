"""The sentences of the sign-in that no other room needs."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.challenges.wording import Problem
from accounts.passwords.proof import Proof
from accounts.passwords.wording import slow_down, tries_left
from sls.login.rules import Because, Why
from sls.policy import wording as policies


def of_proof(proof: Proof) -> Problem:
    """The sentence for a password that did not open; the same for names that do not exist."""
    if proof.barred is None:
        return Problem(
            "wrong_credentials",
            _("That user name and password do not match. Check both and try again.")
            + tries_left(proof.left),
        )
    if not proof.barred.locked:
        return slow_down(proof.barred.until, left=proof.left)
    return Problem("locked", _("Sign-in with this user name is paused."))


def unknown_device() -> Problem:
    return Problem("unknown_device", _("Choose one of your own ways to sign in."))


def not_sent() -> Problem:
    return Problem("not_sent", _("This kind of code is made by your device and is not sent."))


def refused(why: Why) -> str:
    """The sentence for a sign-in that is over."""
    return {
        Why.INACTIVE: _("This user name cannot sign in. Please call us."),
        Why.FROZEN: _(
            "Everything is stopped for this user name, because its owner said: this was not me. "
            "Nobody signs in before it goes on again. Come back in by the way below, or call us."
        ),
        Why.LOCKED: _(
            "Signing in with this user name was paused after several passwords that did not "
            "match. A browser that you used before and a passkey still work."
        ),
        Why.UNUSUAL: _(
            "This sign-in is too unusual to go on. Please use a browser that you signed in with "
            "before, or a passkey, or call us. Your account is safe, and nothing was changed."
        ),
        Why.UNLOCKED: _("The pause is lifted. Please sign in with your password."),
        Why.NO_METHOD: _("There is no way left to verify that it is you. Please call us."),
        Why.NO_NUMBER: _("There is no telephone number on file for you. Please call us."),
        Why.NOT_HERE: _(
            "The ways to sign in that your account asks for do not work on this platform. Please "
            "use the Client Portal."
        ),
        Why.PASSWORD_DEMANDED: _(
            "Somebody else may know your password. Please sign in to the Client Portal and choose "
            "a new one; then you can sign in here again."
        ),
        Why.PORTAL: _("Please sign in at the Client Portal with this user name."),
        Why.SESSION_IN_USE: _(
            "You are signed in on a trading platform already. Take over, and the other session "
            "ends; or cancel."
        ),
        Why.PORTAL_ONLY: _(
            "Your temporary passcode opens only the page of the online security code card now. "
            "Please sign in to the portal with it."
        ),
        Why.TOO_WEAK: _(
            "Your account asks for a passkey now. Please start again and sign in with yours."
        ),
        Why.ADDRESS: _(
            "You cannot sign in from where you are. Use a place that is on your list; if you "
            "cannot, start with your user name and password."
        ),
        Why.EXPIRED: _("That took longer than a sign-in may take. Please start again."),
        Why.REPORTED: _(
            "This sign-in was cancelled, because the call was reported as not asked for."
        ),
        Why.UNDONE: _(
            "A change of your contacts was undone, and this sign-in was ended with it. Please "
            "start again."
        ),
        Why.PASSWORD_CHANGED: _("Your password was changed. Please sign in with the new one."),
        Why.DONE: _("That sign-in is finished. Please start again."),
    }[why]


def shut_out() -> str:
    """For somebody outside the list whose emergency door is switched off."""
    return _("You cannot sign in from where you are. Use a place that is on your list, or call us.")


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
        Because.UNUSUAL: _(
            "This sign-in differs from your usual ones, so a text message or a printed code is "
            "not enough this time."
        ),
        Because.HERE: _("You used it last in this browser."),
        Because.FIRST: _("It is first in your order."),
        Because.SAFEST: _("It is the safest of your ways to sign in."),
        Because.CHOSEN: _("You chose it."),
    }[reason]


def way_back() -> str:
    """Why not all of the person's ways are offered after a freeze."""
    return _("After everything was stopped, only the strongest of your ways leads back.")


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
        "copied": _(
            "Your session was ended, because a copy of this browser was used to sign in. "
            "We have written to you about it."
        ),
        "at_once": _(
            "You were logged off here, because you signed in elsewhere and only a few sessions may "
            "be open at once."
        ),
        "unlocking": _("You were logged off after several wrong tries to unlock."),
        "thawed": _("Everything goes on again. Please sign in."),
        "revoked": _("Your session was ended. Please sign in again, or call us."),
        "removed": _(
            "That is done. Your session had been opened by that authenticator, so it ended too. "
            "Please sign in with another one."
        ),
    }
    if ended in sessions:
        return sessions[ended]
    return refused(Why(ended)) if ended in list(Why) else ""
