"""Whether a channel is away. Pure."""

from dataclasses import dataclass
from datetime import timedelta

WINDOW = timedelta(minutes=5)
BACK_LEAST = 3  # messages that tell whether a carrier is back
BACK_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Tally:
    """Messages of a channel in the window of which something is known, and how many of them the
    carrier failed."""

    told: int
    failed: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.failed / self.told if self.told else 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """The least of messages that is judged, and the share of failures from which it is away."""

    least: int
    share: float


def is_away(tally: Tally, limits: Limits, *, was_away: bool) -> bool:
    """Whether the channel is away now.

    It goes after many failures and comes back after few successes, or when nothing at all was
    tried any more: then the next messages find out.
    """
    if not was_away:
        return tally.told >= limits.least and tally.share >= limits.share
    if tally.told == 0:
        return False
    return tally.told < BACK_LEAST or tally.share >= BACK_SHARE


def default(wanted: str, away: frozenset[str], others: tuple[str, ...]) -> str:
    """The channel that comes first: ``wanted`` unless it is away and another one is not."""
    if wanted not in away:
        return wanted
    return next((one for one in others if one not in away), wanted)
