"""Typed codes of digits, read the same way whatever makes them."""

from accounts import codes
from accounts.challenges.models import Challenge
from accounts.challenges.wording import misread, of_shape
from accounts.codes import Shape
from sls.methods.protocol import Reading


def digits(text: str, challenge: Challenge, *, length: int) -> Reading:
    """The ``length`` digits in ``text``: grouped, full-width or behind their reference."""
    typed = codes.read(text, length=length)
    problem = misread(typed, length, challenge.reference)
    if typed.reference and not challenge.reference:
        problem = of_shape(Shape.LETTERS, length)  # it comes from elsewhere, and is not compared
    return Reading(problem=problem) if problem else Reading(typed.digits)


def are_digits(text: str, *, length: int, referenced: bool = False) -> bool:
    """Whether ``text`` is a code of ``length`` digits, where ``referenced`` also behind letters."""
    typed = codes.read(text, length=length)
    return typed.shape is Shape.WELL_FORMED and (referenced or not typed.reference)
