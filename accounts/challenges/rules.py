"""When a code may be sent, and what an answer came to. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Outcome(StrEnum):
    """What became of an answer."""

    OK = "ok"
    WRONG = "wrong"
    USED = "used"
    EXPIRED = "expired"
    NO_TRIES = "no_tries"  # the challenge has no tries left
    DISABLED = "disabled"  # the authenticator is disabled or revoked
    WAITING = "waiting"  # not answered yet (push)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one answer; ``tries_left`` counts those still allowed for the challenge.

    ``evaluated`` tells whether the answer was compared at all, and so counted; ``disables`` that
    this very answer disabled its authenticator. ``said`` is the sentence for it where the method
    has one of its own.
    """

    outcome: Outcome
    tries_left: int = 0
    evaluated: bool = False
    disables: bool = False
    said: str = ""

    @property
    def is_ok(self) -> bool:
        return self.outcome is Outcome.OK


class Bar(StrEnum):
    """Why a code may not be sent now."""

    SPACING = "spacing"
    CHALLENGE_CAP = "challenge_cap"
    NUMBER_CAP = "number_cap"
    OPENINGS_CAP = "openings_cap"  # no further challenge in this attempt
    ADDRESS_CAP = "address_cap"
    FROZEN = "frozen"  # its user stopped everything
    REFUSED_NUMBER = "refused_number"  # not served, premium, or otherwise never sent to


@dataclass(frozen=True, slots=True)
class Sending:
    """Whether a code may be sent to a number: now (``at`` past), at ``at``, or not at all.

    ``bar`` is None when it may be sent now. ``left`` counts the sends still allowed.
    """

    at: datetime | None
    bar: Bar | None
    left: int

    def seconds(self, now: datetime) -> int:
        """Whole seconds to wait, never less than 1 while there is a wait."""
        if self.at is None or self.at <= now:
            return 0
        return max(1, -int(-(self.at - now).total_seconds() // 1))


RUN = timedelta(seconds=300)
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Ceilings:
    """The limits of sending, from the settings."""

    first_gap: timedelta
    next_gap: timedelta
    per_challenge: int
    per_number_day: int


def may_send(
    now: datetime, ceilings: Ceilings, *, sent_to_number: Sequence[datetime], of_challenge: int
) -> Sending:
    """Spacing and ceilings of CONTRACT 6, SMS and voice counted together.

    ``sent_to_number`` are the times of the sends to this number in the last 24 h, also those
    planned, in any order and for any sign-in; ``of_challenge`` of them carried this challenge.
    The first repeat waits 30 s, further ones 60 s, over the run of the last five minutes.
    """
    times = sorted(at for at in sent_to_number if at > now - DAY)
    cap = ceilings.per_number_day
    left = max(0, min(ceilings.per_challenge - of_challenge, cap - len(times)))
    if of_challenge >= ceilings.per_challenge:
        return Sending(None, Bar.CHALLENGE_CAP, 0)
    if len(times) >= cap:
        return Sending(times[len(times) - cap] + DAY, Bar.NUMBER_CAP, 0)
    run = [at for at in times if at > now - RUN]
    if not run:
        return Sending(now, None, left)
    at = run[-1] + (ceilings.first_gap if len(run) == 1 else ceilings.next_gap)
    return Sending(at, Bar.SPACING if at > now else None, left)
