"""What the page of a conversation shows. Never a code that was sent to the client."""

from typing import Any

from django.utils import timezone

from accounts.callers.models import Talk
from accounts.callers.rules import ASKS
from accounts.contacts.rules import masked_phone
from accounts.outbox import services as outbox
from accounts.outbox.wording import delivery
from sls.callers import services, wording
from sls.methods import registry


def talk(found: Talk) -> dict[str, Any]:
    """Names for ``console/talk.html``."""
    waiting = services.is_waiting(found)
    asked = _asked(found) if waiting else {}
    return {
        "talk": found,
        "client": found.user,
        "ways": services.ways(found.user_id) if found.may_ask else [],
        "asks_left": ASKS - found.asks,
        "waiting": waiting,
        "method": str(registry.get(found.method).label) if found.method else "",
        **asked,
    }


def _asked(found: Talk) -> dict[str, Any]:
    """How the open question is put to the caller."""
    challenge = found.challenge
    shown = registry.asked(challenge)
    message = outbox.latest(str(challenge.pk)) if challenge.destination else None
    return {
        "say": wording.SAY[challenge.method],
        "question": challenge.question,
        "digits": shown.get("digits", ""),
        "said": shown.get("said", ""),
        "letters": challenge.reference,
        "destination": masked_phone(challenge.destination) if challenge.destination else "",
        "delivery": delivery(message, timezone.now()) if message else None,
        "answer_by": challenge.expires_at,
    }
