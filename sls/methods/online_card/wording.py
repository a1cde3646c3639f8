"""The sentences about the online security code card."""

from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.challenges.rules import Outcome, Verdict
from accounts.challenges.wording import Problem
from accounts.codes import Shape


def of_shape(shape: Shape) -> Problem:
    """The sentence for something that cannot be the two values. Nothing was counted."""
    texts = {
        Shape.EMPTY: _("Enter the values of both index numbers."),
        Shape.LETTERS: _("The values on your card are digits only. Check what you typed."),
        Shape.TOO_SHORT: _(
            "That is too short. Type both values one after the other: 6 digits in all."
        ),
        Shape.TOO_LONG: _(
            "That is too long. Type both values one after the other: 6 digits in all."
        ),
    }
    return Problem(shape.value, texts[shape])


def not_now() -> Problem:
    return Problem(
        "not_now",
        _(
            "An online security code card bridges the time until you have a device of your own: "
            "after a temporary passcode, or while a security card is on its way. Call us if you "
            "have lost everything."
        ),
    )


def spoken(verdict: Verdict) -> Verdict:
    """The verdict in words that fit a sheet, where it is not right."""
    said = {
        Outcome.WRONG: _wrong(verdict.tries_left),
        Outcome.USED: _("Those values were used already. Start over with new index numbers."),
        Outcome.EXPIRED: _("That question has expired. Start over with new index numbers."),
        Outcome.NO_TRIES: _(
            "That is %(allowed)s answers that did not match. Start over with new index numbers."
        )
        % {"allowed": settings.TRIES_PER_CHALLENGE},
        Outcome.DISABLED: _(
            "This card takes no more answers: it is over, or was switched off. Choose another "
            "way, or call us."
        ),
    }
    return replace(verdict, said=said[verdict.outcome]) if verdict.outcome in said else verdict


def _wrong(left: int) -> str:
    return ngettext(
        "Those values do not match. Check the index numbers, and that this is your newest card. "
        "You can try %(left)s more time.",
        "Those values do not match. Check the index numbers, and that this is your newest card. "
        "You can try %(left)s more times.",
        left,
    ) % {"left": left}
