"""When a session has ended. Pure."""

from datetime import datetime, timedelta


def ended(now: datetime, *, seen_at: datetime, idle_seconds: int, expires_at: datetime) -> str:
    """Says "idle", "absolute", or "" for a session that goes on."""
    if now >= expires_at:
        return "absolute"
    if now >= seen_at + timedelta(seconds=idle_seconds):
        return "idle"
    return ""


def idle_minutes(*, staff: bool, public_computer: bool, limits: dict[str, int]) -> int:
    """The shortest limit that applies. ``limits`` has minutes for client, staff and public."""
    return min(
        limits["staff"] if staff else limits["client"],
        limits["public"] if public_computer else limits["client"],
    )


def is_verified(now: datetime, *, action: str, of: str, until: datetime | None) -> bool:
    """Whether a session's window, which is ``of`` an action, is open for this very action."""
    return until is not None and now < until and action == of
