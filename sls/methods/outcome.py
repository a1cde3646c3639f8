"""What is recorded of an answer, wherever it was asked for."""

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.models import Challenge
from accounts.challenges.rules import Verdict
from accounts.origin import Origin
from accounts.users.models import User


def record(
    event: Event,
    challenge: Challenge,
    verdict: Verdict,
    *,
    user: User,
    origin: Origin,
    **more: str,
) -> None:
    """Records ``event``, and that the answer disabled its authenticator, if it did.

    The caller holds the user's lock.
    """
    detail = {**more, "method": challenge.method, "outcome": verdict.outcome.value}
    audit.record(event, user=user, origin=origin, detail=detail)
    if verdict.disables:
        audit.record(Event.DEVICE_DISABLED, user=user, origin=origin, detail=detail)
