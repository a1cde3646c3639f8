"""Typed codes of digits, read the same way whatever makes them."""

from accounts import codes
from accounts.challenges.models import Challenge
from accounts.challenges.wording import misread
from accounts.codes import Shape
from sls.methods.protocol import Reading


def digits(text: str, challenge: Challenge, *, length: int) -> Reading:
    """The ``length`` digits in ``text``: grouped, full-width or behind their reference."""
    typed = codes.read(text, length=length)
    problem = misread(typed, length, challenge.reference)
    return Reading(problem=problem) if problem else Reading(typed.digits)


def are_digits(text: str, *, length: int) -> bool:
    """Whether ``text`` is a code of ``length`` digits."""
    return codes.read(text, length=length).shape is Shape.WELL_FORMED
