"""The sentences of activation and enrolment."""

from django.utils.translation import gettext as _

from accounts.challenges import wording as codes
from accounts.codes import CODE_LENGTH, Shape
from accounts.contacts import wording as contacts
from accounts.contacts.kinds import PHONE
from accounts.contacts.rules import Refusal
from sls.enrolment.numbers import CHANGES_A_DAY


def no_match() -> str:
    """One sentence for everything that can be wrong, so that it tells nothing about the name."""
    return _(
        "That user name and code do not belong together, or the code is no longer good. "
        "Check both, or ask for a new code."
    )


def of_shape(shape: Shape) -> str:
    """The sentence for something that cannot be an activation code."""
    if shape is Shape.EMPTY:
        return _("Enter the activation code.")
    return codes.of_shape(shape, CODE_LENGTH).text


def expired() -> str:
    return _("That took longer than an activation may take. Ask for a new code and start again.")


def of_number(refusal: Refusal) -> str:
    """Why another mobile number is not taken."""
    if refusal is Refusal.FULL:
        return _(
            "The number was changed %(most)s times today. Please call us, and we enter it for you."
        ) % {"most": CHANGES_A_DAY}
    return contacts.of_refusal(refusal, PHONE)
