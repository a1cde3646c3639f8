"""The sentences about what was typed for a backup code."""

from django.utils.translation import gettext as _

from accounts.challenges.wording import Problem
from accounts.codes import Shape


def of_shape(shape: Shape) -> Problem:
    """The sentence for something that cannot be a backup code. Nothing was counted."""
    texts = {
        Shape.EMPTY: _("Enter one of your backup codes."),
        Shape.LETTERS: _(
            "A backup code has the letters A to Z and the digits 2 to 7 only. Check what you typed."
        ),
        Shape.TOO_SHORT: _(
            "That is too short. A backup code has 16 characters, in four groups of four."
        ),
        Shape.TOO_LONG: _(
            "That is too long. A backup code has 16 characters, in four groups of four."
        ),
    }
    return Problem(shape.value, texts[shape])
