"""What every page of a signed-in person carries: the end of the session, and an old browser."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from accounts import agents
from accounts.sessions import rules

WARNING_SECONDS = 120
NOTICE_READ = "old_browser_notice_read"


@dataclass(frozen=True, slots=True)
class LogOff:
    """Seconds until the session ends without use (``left``) and in any case (``most``).

    ``page`` leads back here, "" on an answer to a form. ``keeps`` says that what is typed may be
    kept in the browser: never on a public computer.
    """

    left: int
    most: int
    warning: int
    page: str
    keeps: bool


def log_off(request: HttpRequest) -> LogOff | None:
    """None where nobody is signed in. No query."""
    row = getattr(request, "session_row", None)
    if row is None:
        return None
    now, is_look = timezone.now(), request.method in ("GET", "HEAD")
    return LogOff(
        left=rules.left(
            now, seen_at=row.seen_at, idle_seconds=row.idle_seconds, expires_at=row.expires_at
        ),
        most=rules.most(now, expires_at=row.expires_at),
        warning=WARNING_SECONDS,
        page=request.get_full_path() if is_look else "",
        keeps=not row.public_computer,
    )


def is_old_browser(request: HttpRequest) -> bool:
    """Whether to say that the browser is too old: until the person has read it, in each session."""
    origin = getattr(request, "origin", None)
    if origin is None or not agents.is_outdated(origin.agent):
        return False
    is_in = getattr(request, "session_row", None) is not None
    return not (is_in and request.session.get(NOTICE_READ))
