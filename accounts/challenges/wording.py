"""The sentences about codes that rooms other than the sign-in show too."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.challenges.rules import Bar, Outcome, Sending, Verdict
from accounts.codes import Shape, Typed


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something was not accepted, as a code and in words.

    ``retry_after`` is in seconds, 0 for none; ``tries_left`` is None where tries do not count.
    """

    code: str
    text: str
    retry_after: int = 0
    tries_left: int | None = None


def clock(at: datetime, *, seconds: bool = False) -> str:
    """The time of day in the person's zone, which is named."""
    return date_format(timezone.localtime(at), "H:i:s T" if seconds else "H:i T")


def moment(at: datetime) -> str:
    """Date and time of day in the person's zone, which is named."""
    local = timezone.localtime(at)
    # Translators: a date format of Django, such as "n月j日 H:i" in Japanese.
    return f"{date_format(local, _('j N, H:i'))} {local:%Z}"


def of_shape(shape: Shape, length: int) -> Problem:
    """The sentence for something that cannot be a code. Nothing was counted."""
    texts = {
        Shape.EMPTY: _("Enter the security code."),
        Shape.LETTERS: _("A security code has digits only. Check what you typed."),
        Shape.TOO_SHORT: _("That code is too short. A security code has %(length)s digits."),
        Shape.TOO_LONG: _("That code is too long. A security code has %(length)s digits."),
    }
    return Problem(shape.value, texts[shape] % {"length": length})


def misread(typed: Typed, length: int, reference: str) -> Problem | None:
    """Why what was typed is not compared at all, or None. ``reference`` is the challenge's."""
    if typed.shape is not Shape.WELL_FORMED:
        return of_shape(typed.shape, length)
    if typed.reference and reference and typed.reference != reference:
        return _other_reference(typed.reference, reference)
    return None


def _other_reference(typed: str, expected: str) -> Problem:
    """The letters before the digits are those of another message."""
    return Problem(
        "other_reference",
        _(
            "The code %(typed)s belongs to another request. Use the message that begins with "
            "%(expected)s. If you did not make that other request, call us."
        )
        % {"typed": typed, "expected": expected},
    )


def of_verdict(verdict: Verdict, allowed: int) -> Problem:
    """The sentence for an answer that was not right; ``allowed`` tries make a challenge."""
    if verdict.said:
        return Problem(verdict.outcome.value, verdict.said, tries_left=verdict.tries_left)
    if verdict.outcome is Outcome.WRONG:
        text = ngettext(
            "That code does not match. You can try %(left)s more time.",
            "That code does not match. You can try %(left)s more times.",
            verdict.tries_left,
        ) % {"left": verdict.tries_left}
        return Problem("wrong", text, tries_left=verdict.tries_left)
    if verdict.outcome is Outcome.USED and verdict.evaluated:
        text = ngettext(
            "That code was used already, and each works once. Use the next one. You can try "
            "%(left)s more time.",
            "That code was used already, and each works once. Use the next one. You can try "
            "%(left)s more times.",
            verdict.tries_left,
        ) % {"left": verdict.tries_left}
        return Problem("used", text, tries_left=verdict.tries_left)
    texts = {
        Outcome.USED: _("That code was used already. Send a new code."),
        Outcome.EXPIRED: _("That code has expired. Send a new code."),
        Outcome.NO_TRIES: _("That is %(allowed)s codes that did not match. Send a new code.")
        % {"allowed": allowed},
        Outcome.DISABLED: _(
            "This way of signing in is switched off after too many codes that did not match. "
            "Please call us."
        ),
        Outcome.WAITING: _("Still waiting for the approval."),
    }
    return Problem(verdict.outcome.value, texts[verdict.outcome], tries_left=0)


def of_sending(sending: Sending, now: datetime) -> Problem:
    """The sentence for a code that may not be sent now; ``sending.bar`` is set."""
    at = sending.at or now
    texts = {
        Bar.SPACING: _("You can ask for another code at %(when)s.")
        % {"when": clock(at, seconds=True)},
        Bar.CHALLENGE_CAP: _("This code has been sent as often as one code may be. Type it."),
        Bar.NUMBER_CAP: _("No more codes can be sent there before %(when)s.")
        % {"when": moment(at)},
        Bar.OPENINGS_CAP: _("No more new codes for this request. Please start again."),
        Bar.ADDRESS_CAP: _(
            "Too many codes were asked for from your network. Please try again at %(when)s."
        )
        % {"when": clock(at, seconds=True)},
        Bar.FROZEN: _("No codes are sent while everything is stopped for you. Please call us."),
        Bar.REFUSED_NUMBER: _("No codes can be sent to this number. Please call us."),
    }
    return Problem(sending.bar.value, texts[sending.bar], max(1, sending.seconds(now)))


def no_more() -> Problem:
    """The sentence for a request in which no further challenge is opened."""
    return of_sending(Sending(None, Bar.OPENINGS_CAP, 0), timezone.now())


def asked_too_often(retry_after: int) -> Problem:
    """The sentence for an authenticator that is asked nothing more for ``retry_after`` seconds."""
    at = timezone.now() + timedelta(seconds=retry_after)
    text = _(
        "This device was asked several times in the last minutes. It can be asked again at "
        "%(when)s."
    )
    return Problem("asked_too_often", text % {"when": clock(at, seconds=True)}, retry_after)
