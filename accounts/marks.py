"""Marks that a view carries for middleware above to read, as ``login_not_required`` does.

A lower room cannot import step-up; it only says that an act is sensitive.
"""

from collections.abc import Callable

ACTION = "sensitive_action"
REFUSED = "refused_page"
REASON = "unmarked_reason"


def sensitive[F: Callable](action: str, *, refused: Callable | None = None) -> Callable[[F], F]:
    """Unsafe requests to this view need a fresh proof of identity for ``action``.

    ``refused(request, why, *args, **kwargs)`` answers a request that no proof would help, with
    what was typed still in the form; it changes nothing. Without it the page before says why.
    """

    def mark(view: F) -> F:
        setattr(view, ACTION, action)
        setattr(view, REFUSED, refused)
        return view

    return mark


def unmarked[F: Callable](reason: str) -> Callable[[F], F]:
    """This unsafe view needs no step-up, and ``reason`` says why."""

    def mark(view: F) -> F:
        setattr(view, REASON, reason)
        return view

    return mark
