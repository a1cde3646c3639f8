"""A right-looking answer in the wrong place is recognised and explained.

Only the shape of what was typed is looked at: nothing of another authenticator is compared, and
nothing is counted here. What names another way names one that this user holds and can choose.
"""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from accounts.challenges.models import Challenge
from accounts.challenges.rules import Outcome
from accounts.challenges.wording import Problem
from sls.methods import registry
from sls.methods.protocol import DeviceRow

_DID_NOT_MATCH = (Outcome.WRONG, Outcome.NO_TRIES)


def unread(problem: Problem, *, text: str, asked: Challenge, ways: Iterable[DeviceRow]) -> Problem:
    """``problem``, why ``text`` is no answer to ``asked``; or that it is one of another way."""
    others = _others(text, asked, ways)
    if not others:
        return problem
    return Problem("other_method", _looks_like(others))


def wrong(problem: Problem, *, text: str, asked: Challenge, ways: Iterable[DeviceRow]) -> Problem:
    """``problem``, why ``text`` was refused; with a hint when another way has codes like it."""
    others = _others(text, asked, ways) if problem.code in _DID_NOT_MATCH else []
    return replace(problem, text=f"{problem.text} {_if_from(others)}") if others else problem


def _others(text: str, asked: Challenge, ways: Iterable[DeviceRow]) -> list[DeviceRow]:
    return [
        row for row in ways if row.id != asked.device and registry.get(row.method).looks_like(text)
    ]


def _looks_like(others: list[DeviceRow]) -> str:
    if len(others) > 1:
        return _(
            "That looks like a code of another of your ways to prove that it is you. Choose below "
            "the one that it comes from."
        )
    return _("That looks like %(answer)s. Choose %(way)s below to use it.") % _names(others[0])


def _if_from(others: list[DeviceRow]) -> str:
    if len(others) > 1:
        return _("If it comes from elsewhere, choose that below.")
    return _("If it is %(answer)s, choose %(way)s below.") % _names(others[0])


def _names(row: DeviceRow) -> dict[str, str]:
    return {"answer": str(registry.get(row.method).answer), "way": registry.label(row)}
