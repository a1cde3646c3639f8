"""Marks that a view carries for middleware above to read, as ``login_not_required`` does.

A lower room cannot import step-up; it only says that an act is sensitive.
"""

from collections.abc import Callable

ACTION = "sensitive_action"
REFUSED = "refused_page"
REASON = "unmarked_reason"
LIMIT = "opens_in_limit"
SCOPE = "token_scope"
SESSION = "session_right"
SYSTEM = "system_scope"


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


def opens_in[F: Callable](limit: str) -> Callable[[F], F]:
    """This view opens in a session that is limited to ``limit``; in such a one no view without the
    mark sees anybody signed in. A view may carry several."""

    def mark(view: F) -> F:
        setattr(view, LIMIT, (*getattr(view, LIMIT, ()), limit))
        return view

    return mark


def open_to_tokens[F: Callable](scope: str | None) -> Callable[[F], F]:
    """This operation is called by programs whose token has ``scope``; None asks for a good token
    and nothing more."""

    def mark(view: F) -> F:
        setattr(view, SCOPE, scope)
        return view

    return mark


def open_to_sessions[F: Callable](right: str | None) -> Callable[[F], F]:
    """This operation is called by a platform that somebody is signed in on, in a session that gives
    ``right``; None asks for a session and nothing more."""

    def mark(view: F) -> F:
        setattr(view, SESSION, right)
        return view

    return mark


def open_to_systems[F: Callable](scope: str) -> Callable[[F], F]:
    """This operation is called by a system of the brokerage's own whose token is for ``scope``."""

    def mark(view: F) -> F:
        setattr(view, SYSTEM, scope)
        return view

    return mark
