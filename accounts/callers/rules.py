"""How long a reference is good, and what came of asking a caller for a proof. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from accounts.challenges.rules import Outcome

LIFE = timedelta(minutes=30)
ASKS = 3  # proofs that are asked for in one conversation
# Stands in for whatever is no reference: it is looked for in the same way and never found, because
# its check character is wrong.
NO_REFERENCE = "00000001"


class Proof(StrEnum):
    """How the caller stands in a conversation."""

    NONE = "none"
    ASKED = "asked"
    PASSED = "passed"
    FAILED = "failed"


# What takes no further answer, and so fails the caller; an answer too late does not.
_LOST = frozenset({Outcome.NO_TRIES, Outcome.DISABLED})


def after(outcome: Outcome, *, evaluated: bool) -> Proof:
    """How the caller stands after an answer that was judged."""
    if outcome is Outcome.OK:
        return Proof.PASSED
    lost = outcome in _LOST and (evaluated or outcome is Outcome.DISABLED)
    return Proof.FAILED if lost else Proof.ASKED


def may_ask(proof: str, *, asks: int, is_open: bool) -> bool:
    """Whether the caller may be asked (again): not after they passed or failed."""
    return is_open and asks < ASKS and proof in (Proof.NONE, Proof.ASKED)


def is_open(now: datetime, *, expires_at: datetime, ended_at: datetime | None) -> bool:
    """Whether a reference is good at ``now``."""
    return ended_at is None and now < expires_at
