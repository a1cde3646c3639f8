"""The sentences about temporary passcodes."""

from django.utils.translation import gettext as _

from accounts.challenges.wording import Problem
from accounts.codes import Shape
from sls.methods.temporary_passcode.rules import Refusal


def of_shape(shape: Shape) -> Problem:
    """The sentence for something that cannot be a passcode. Nothing was counted."""
    texts = {
        Shape.EMPTY: _("Enter the temporary passcode."),
        Shape.LETTERS: _(
            "A temporary passcode has letters and digits only, and no 0, O, 1 or I among them. "
            "Check what you typed."
        ),
        Shape.TOO_SHORT: _("That is too short. A temporary passcode has 8 characters."),
        Shape.TOO_LONG: _("That is too long. A temporary passcode has 8 characters."),
    }
    return Problem(shape.value, texts[shape])


def by_support() -> Problem:
    return Problem("by_support", _("A temporary passcode is given by telephone only. Call us."))


def of_refusal(refusal: Refusal) -> str:
    """Why none was issued or sent, for staff."""
    return {
        Refusal.STAFF: _("Staff get no temporary passcodes."),
        Refusal.CLOSED: _("This user name is closed."),
        Refusal.NOT_ACTIVATED: _("This client has not activated the user name yet."),
        Refusal.FROZEN: _("Everything is stopped for this client. It has to be thawed first."),
        Refusal.LIVE: _("This client has a temporary passcode. Send it again, or withdraw it."),
        Refusal.IN_A_ROW: _(
            "Never two in a row: since the last temporary passcode this client has neither signed "
            "in by anything else nor enrolled it."
        ),
        Refusal.NONE: _("This client has no temporary passcode."),
        Refusal.NO_NUMBER: _(
            "This client has no verified telephone number that may be trusted now. A new number, "
            "or a new SIM card, has to wait."
        ),
        Refusal.NO_TEXT: _("This number takes no text messages. Have it called."),
        Refusal.TOO_OFTEN: _("This number got too many codes. Wait, or take another number."),
    }[refusal]
