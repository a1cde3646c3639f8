"""A card is given up by telephone, and its holder may request another one (KB975, KB1943)."""

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from sls.cards import charging, listing, losing
from sls.cards.models import Allowance
from sls.cards.rules import CHARGED, Refusal, Why
from sls.methods.dsc_plus.models import Card, CardDevice, Charge

GONE = frozenset({Why.LOST, Why.STOLEN})


def replace(
    *, device: CardDevice, why: Why, reason: str, origin: Origin, actor: str
) -> Refusal | None:
    """Gives the card of ``device`` up. None when it is so.

    One that is lost or stolen signs nobody in any more; one that is not the maker's fault is
    charged. The holder may request another, also below the threshold, and has to do it in the
    portal: nobody else may know its PIN.
    """
    if why not in (*CHARGED, Why.BATTERY) or why is Why.NOT_RETURNED:
        return Refusal.GONE
    if device.shared:
        return Refusal.NO_CARD
    if why in GONE and (refusal := losing.report_lost(device=device, origin=origin, actor=actor)):
        return refusal
    with transaction.atomic():
        user = audit.lock(device.user_id)
        card = Card.objects.select_for_update(no_key=True).get(pk=device.card_id)
        if card.returned_at is not None or not listing.own(user.pk).filter(pk=device.pk).exists():
            return Refusal.GIVEN_UP
        if why in CHARGED:
            kind = Charge.Kind.CHARGED
            charging.settle(card, kind, why=why, user=user, origin=origin, actor=actor)
        Allowance.objects.get_or_create(user=user, defaults={"at": timezone.now()})
        detail = {"card": card.masked, "why": why, "reason": reason}
        audit.record(Event.CARD_GIVEN_UP, user=user, origin=origin, actor=actor, detail=detail)
    return None
