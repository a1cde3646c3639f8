"""The sentences of a step-up that no other room needs."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.challenges import wording
from accounts.challenges.rules import Outcome, Verdict
from accounts.challenges.wording import Problem, moment
from sls.step_up import proofs
from sls.step_up.models import Pending


def over() -> Problem:
    return Problem("over", _("That took too long. To be safe, nothing was changed."))


def barred() -> Problem:
    return Problem(
        "barred",
        _(
            "Your password is paused after several that did not match, so nothing was changed. "
            "A passkey still verifies, or call us."
        ),
    )


def unknown_way() -> Problem:
    return Problem("unknown_way", _("That way to verify cannot be used now. Choose another."))


def renewed() -> Problem:
    return Problem("renewed", _("That took too long, so you are asked anew. Nothing is lost."))


def of_verdict(verdict: Verdict, *, sent: bool) -> Problem:
    """The sentence for an answer that was not right; ``sent`` tells codes that are sent from what
    a device makes."""
    if verdict.outcome is Outcome.NO_TRIES and not sent and not verdict.said:
        text = _("That is %(allowed)s codes that did not match. Nothing was changed.")
        return Problem("no_tries", text % {"allowed": settings.TRIES_PER_CHALLENGE}, tries_left=0)
    return wording.of_verdict(verdict, settings.TRIES_PER_CHALLENGE)


def no_way(pending: Pending) -> str:
    """Why nothing can prove the action now, and what can be done."""
    if proofs.is_out_of_reach(pending):
        return _(
            "This has to be verified by something stronger than you can use now: a way to verify "
            "is switched off, or you have none that is strong enough. Please call us."
        )
    at = proofs.new_sim_until(user_id=pending.user_id)
    if at is not None:
        return _(
            "Your number got a new SIM card recently, so no code for sensitive changes goes there "
            "until %(at)s. If you cannot wait, please call us."
        ) % {"at": moment(at)}
    at = proofs.trusted_from(pending)
    if at is not None:
        return _(
            "This change has to be confirmed by a code to a number that is not being changed. "
            "Your other number is too new for that until %(at)s. If you cannot wait, please call "
            "us."
        ) % {"at": moment(at)}
    return _(
        "This change has to be confirmed by a code to a number that is not being changed, and "
        "there is no other verified number on your list. Please call us."
    )


def of_window(action: str) -> str:
    """What needs no further proof for a while. Raises ``KeyError`` for what is never open."""
    return {
        "password.change": _("You can change your password without verifying again."),
        "phrase.change": _("You can change your phrase without verifying again."),
        "session.trust": _("You can look after your sessions without verifying again."),
        "card.pin": _("You can change the PIN of your card without verifying again."),
        "ip_restrictions.change": _("You can change IP restrictions without verifying again."),
        "users.change": _("You can change users and rights without verifying again."),
    }[action]
