"""The sentences of coming back in."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.challenges import wording as codes
from accounts.challenges.rules import Outcome, Verdict
from accounts.challenges.wording import Problem, moment
from accounts.contacts import wording as contacts
from accounts.contacts.kinds import EMAIL, PHONE
from accounts.contacts.rules import Refusal
from accounts.passwords.proof import Proof
from accounts.passwords.wording import slow_down
from sls.recovery.models import Delay
from sls.recovery.rules import Ended


def over() -> Problem:
    return Problem("over", _("That took too long, or something changed. Please start again."))


def unknown_way() -> Problem:
    return Problem("unknown_way", _("That cannot be used now. Choose another way."))


def of_mail(verdict: Verdict) -> Problem:
    """The sentence for a mailed code that was not right; the same for every name."""
    if verdict.outcome is Outcome.NO_TRIES:
        text = _("That is %(allowed)s codes that did not match. Please start again.")
        return Problem("no_tries", text % {"allowed": settings.TRIES_PER_CHALLENGE}, tries_left=0)
    return codes.of_verdict(verdict, settings.TRIES_PER_CHALLENGE)


def empty_password() -> Problem:
    return Problem("empty", _("Enter your password."))


def of_password(proof: Proof) -> Problem:
    """The sentence for a password that did not open."""
    if proof.barred is None:
        return Problem("wrong", _("That password does not match. Check it and try again."))
    return locked(proof.barred.until) if proof.barred.locked else slow_down(proof.barred.until)


def locked(until: datetime | None = None) -> Problem:
    """Nothing goes on here while a name is locked after wrong passwords."""
    if until is None:
        text = _("This user name is locked after several passwords that did not match.")
        return Problem("locked", f"{text} {_('Please try again tomorrow, or call us.')}")
    text = _(
        "Several passwords did not match, so no more are accepted until %(until)s. "
        "Please try again then, or call us."
    )
    return Problem("locked", text % {"until": moment(until)})


def outside() -> Problem:
    """For somebody whose restrictions do not let in where they are."""
    text = _(
        "This cannot be done from where you are. Use a place that is on your list, or call us."
    )
    return Problem("outside", text)


def call_us() -> Problem:
    return Problem("call_us", _("This cannot be done here for your user name. Please call us."))


def waiting_already() -> Problem:
    text = _("A new way to sign in was asked for already. Wait for that, or stop it.")
    return Problem("waiting", text)


def unknown_reference() -> str:
    return _("There is no request with this reference. Check it and try again.")


def of_email(refusal: Refusal) -> str:
    return contacts.of_refusal(refusal, EMAIL)


def of_phone(refusal: Refusal) -> str:
    return contacts.of_refusal(refusal, PHONE)


def ended(delay: Delay) -> str:
    """What became of a request that waits no more."""
    return {
        "cancelled": _("This request was stopped. Nothing was changed."),
        "expired": _("This request was not used in time. Nothing was changed."),
        "done": _("A new way to sign in was set up."),
    }.get(delay.ended_why, "")


def why_over(why: str) -> str:
    """Why a recovery leads nowhere any more."""
    if why == Ended.STOPPED:
        return _(
            "Something about your security changed in the meantime, so this was stopped. "
            "Please start again."
        )
    return _("To be safe, this can be used for a short time only. Please start again.")
