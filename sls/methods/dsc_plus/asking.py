"""Questions to a card, and what its answers come to. The caller is in a transaction."""

import hmac
import logging
import uuid

from django.conf import settings
from django.utils import timezone

from accounts import gathered, limits
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.models import Purpose
from accounts.origin import Origin
from accounts.users.models import User
from accounts.vault import CannotOpen
from sls.methods.dsc_plus import rules
from sls.methods.dsc_plus.models import Card
from sls.methods.dsc_plus.rules import Weighed
from sls.methods.rules import may_ask

logger = logging.getLogger(__name__)


def lock(device_id: int) -> Card:
    """The card of an authenticator, locked; after the user's row in every lock order."""
    return Card.objects.select_for_update(no_key=True).get(devices=device_id)


def next_question(card: Card, *, user: User, purpose: Purpose, origin: Origin) -> str:
    """A challenge that the card was never asked, of those that ``purpose`` may ask. The card is
    locked; ``asked`` has to follow.

    Raises ``limits.TooMany`` when it was asked too often in the last minutes, and ``ValueError``
    for a card that is spent.
    """
    limits.demand("challenges_per_card", str(card.pk))
    if card.issued >= rules.SPENT:
        raise ValueError("the card is spent")
    # A key of its own for the order: what the card computes tells nothing of what it is asked.
    order = hmac.digest(card.open_seed(), b"order of challenges", "sha256")
    question = ""
    # Those that are passed over are used up as well; the last one may lie beyond ``SPENT``.
    while not question or not may_ask(question, is_read_out=purpose == Purpose.CALLER):
        question = rules.challenge(order, card.issued)
        card.issued += 1
    if card.issued >= rules.SPENT:
        logger.warning("card %s is spent: the client needs another one", card.masked)
        audit.record(Event.CARD_SPENT, user=user, origin=origin, detail={"card": card.masked})
    return question


def ask(card: Card, challenge: uuid.UUID) -> None:
    """From now on the card answers this challenge and no other, whichever user name asks."""
    card.asked = challenge
    gathered.change(card, "asked", "issued")


def take(card: Card, question: str, answer: str, *, pin: str | None = None) -> Weighed:
    """Judges an answer and counts it for the card, whichever user name gave it.

    ``pin`` stands in for the card's own while that is being changed. Too many wrong answers in a
    row disable the card. The card is locked; a card whose secrets cannot be opened answers nothing.
    """
    try:
        weighed = rules.weigh(
            card.suite,
            card.open_seed(),
            question,
            answer,
            pin=card.open_pin() if pin is None else pin,
            counter=card.counter,
            awaited=card.awaited,
        )
    except CannotOpen:
        weighed = Weighed(False, card.counter)
    before = (card.counter, card.awaited, card.failures)
    card.counter, card.awaited = weighed.counter, weighed.awaited
    card.failures = 0 if weighed.right else card.failures + 1
    if card.failures >= settings.CARD_FAILURES:
        card.disabled_at = timezone.now()
    if before != (card.counter, card.awaited, card.failures):
        card.save(update_fields=["counter", "awaited", "failures", "disabled_at"])
    return weighed
