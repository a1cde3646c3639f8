"""The sentences of the sign-in."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.challenges.rules import Bar, Outcome
from accounts.codes import Shape
from sls.login.rules import Why
from sls.login.steps import Problem


def clock(at: datetime, *, seconds: bool = False) -> str:
    """The time of day in the person's zone."""
    return date_format(timezone.localtime(at), "H:i:s" if seconds else "H:i")


def wrong_credentials() -> Problem:
    return Problem(
        "wrong_credentials",
        _("That user name and password do not match. Check both and try again."),
    )


def locked(until: datetime) -> Problem:
    return Problem(
        "locked",
        _(
            "Sign-in with this user name is paused until %(until)s after several passwords that "
            "did not match. Please try again then, or call us."
        )
        % {"until": date_format(timezone.localtime(until), "j N, H:i")},
    )


def slow_down(until: datetime, now: datetime) -> Problem:
    seconds = max(1, int((until - now).total_seconds()) + 1)
    return Problem(
        "slow_down",
        _("Several passwords did not match. Please wait until %(until)s and try again.")
        % {"until": clock(until, seconds=True)},
        retry_after=seconds,
    )


def unknown_device() -> Problem:
    return Problem("unknown_device", _("Choose one of your own ways to sign in."))


def not_sent() -> Problem:
    return Problem("not_sent", _("This kind of code is made by your device and is not sent."))


def of_shape(shape: Shape, length: int) -> Problem:
    """The sentence for an answer that cannot be a code. Not counted."""
    texts = {
        Shape.EMPTY: _("Enter the security code."),
        Shape.LETTERS: _("A security code has digits only. Check what you typed."),
        Shape.TOO_SHORT: _("That code is too short. A security code has %(length)s digits."),
        Shape.TOO_LONG: _("That code is too long. A security code has %(length)s digits."),
    }
    return Problem(shape.value, texts[shape] % {"length": length})


def other_reference(typed: str, expected: str) -> Problem:
    return Problem(
        "other_reference",
        _(
            "The code %(typed)s belongs to another request. Use the message that begins with "
            "%(expected)s. If you did not make that other request, call us."
        )
        % {"typed": typed, "expected": expected},
    )


def of_outcome(outcome: Outcome, tries_left: int, allowed: int) -> Problem:
    """The sentence for a judged answer."""
    if outcome is Outcome.WRONG:
        text = ngettext(
            "That code does not match. You can try %(left)s more time.",
            "That code does not match. You can try %(left)s more times.",
            tries_left,
        ) % {"left": tries_left}
        return Problem("wrong", text, tries_left)
    texts = {
        Outcome.USED: _("That code was used already. Start again to get a new one."),
        Outcome.EXPIRED: _("That code has expired. Send a new code, or start again."),
        Outcome.NO_TRIES: _(
            "That is %(allowed)s codes that did not match. Send a new code, or start again."
        )
        % {"allowed": allowed},
        Outcome.DISABLED: _(
            "This way of signing in is switched off after too many codes that did not match. "
            "Please call us."
        ),
        Outcome.WAITING: _("Still waiting for the approval."),
    }
    return Problem(outcome.value, texts[outcome], 0)


def of_bar(bar: Bar, at: datetime | None, seconds: int) -> Problem:
    """The sentence for a code that may not be sent now."""
    when = clock(at, seconds=True) if at else ""
    texts = {
        Bar.SPACING: _("You can ask for another code at %(when)s.") % {"when": when},
        Bar.CHALLENGE_CAP: _(
            "This code has been sent as often as one code may be. Type it, or start again."
        ),
        Bar.NUMBER_CAP: _(
            "No more codes can be sent to this number before %(when)s. Please call us if you "
            "need to sign in earlier."
        )
        % {"when": date_format(timezone.localtime(at), "j N, H:i") if at else ""},
        Bar.OPENINGS_CAP: _("No more new codes in this sign-in. Please start again."),
        Bar.ADDRESS_CAP: _(
            "Too many codes were asked for from your network. Please try again at %(when)s."
        )
        % {"when": when},
        Bar.REFUSED_NUMBER: _("No codes can be sent to this number. Please call us."),
    }
    return Problem(bar.value, texts[bar], retry_after=max(seconds, 1))


def refused(why: Why) -> str:
    """The sentence for a sign-in that is over."""
    return {
        Why.INACTIVE: _("This user name cannot sign in. Please call us."),
        Why.NO_METHOD: _("There is no way left to verify that it is you. Please call us."),
        Why.NO_NUMBER: _("There is no telephone number on file for you. Please call us."),
        Why.DISABLED: _(
            "This way of signing in is switched off after too many codes that did not match. "
            "Please call us."
        ),
        Why.EXPIRED: _("That took longer than a sign-in may take. Please start again."),
        Why.REPORTED: _(
            "This sign-in was cancelled, because the call was reported as not asked for."
        ),
        Why.TRIES: _("Too many codes did not match. Please start again."),
        Why.DONE: _("That sign-in is finished. Please start again."),
    }[why]
