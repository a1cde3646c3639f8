"""Another PIN for a card: proven by a response that was made with it."""

from dataclasses import replace

from django.conf import settings

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.models import Challenge
from accounts.challenges.rules import Outcome, Verdict
from accounts.origin import Origin
from accounts.users.models import User
from sls.methods.device import Authenticator, judge
from sls.methods.dsc_plus import asking, services, wording
from sls.methods.dsc_plus.models import CardDevice
from sls.methods.dsc_plus.services import CODE


def prove(challenge: Challenge, answer: str, *, pin: str, origin: Origin) -> Verdict:
    """Judges and counts a response made with ``pin``, which is the card's from the right one on.

    The present PIN stays until then. Must not be called inside a transaction.
    """
    judged: list[CardDevice] = []

    def is_right(locked: Challenge, device: Authenticator) -> bool:
        judged.append(device)
        return asking.take(device.card, locked.question, answer, pin=pin).right

    def take_over(device: Authenticator, user: User) -> None:
        device.card.put_pin(pin)
        device.card.save(update_fields=["pin"])
        detail = {"method": CODE, "card": device.card.masked}
        audit.record(Event.CARD_PIN_CHANGED, user=user, origin=origin, detail=detail)

    verdict = judge(
        challenge,
        model=CardDevice,
        failures_allowed=settings.CARD_FAILURES,
        origin=origin,
        is_right=is_right,
        on_proven=take_over,
    )
    if judged and not verdict.is_ok:
        if judged[0].card.disabled_at is not None:
            verdict = replace(verdict, outcome=Outcome.DISABLED, disables=True)
        services.record_refused(challenge, verdict, origin=origin)
        if verdict.disables:
            services.tell_others_disabled(judged[0], origin=origin)
    return wording.spoken(verdict, far_ahead=False)
