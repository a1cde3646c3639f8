"""The sentences of the sign-in that no other room needs."""

from django.utils.translation import gettext as _

from accounts.challenges.wording import Problem, moment
from accounts.passwords.proof import Proof
from accounts.passwords.wording import slow_down
from sls.login.rules import Why


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
        Why.EXPIRED: _("That took longer than a sign-in may take. Please start again."),
        Why.REPORTED: _(
            "This sign-in was cancelled, because the call was reported as not asked for."
        ),
        Why.DONE: _("That sign-in is finished. Please start again."),
    }[why]


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
