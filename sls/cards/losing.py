"""A card is reported as lost, at once, and found again, by a proven request."""

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import services as challenges
from accounts.origin import Origin
from accounts.sessions import services as sessions
from accounts.sessions.models import End
from accounts.users.models import User
from sls.cards import listing
from sls.cards.rules import Refusal
from sls.methods.dsc_plus.models import Card, CardDevice
from sls.methods.dsc_plus.services import CODE


def report_lost(*, device: CardDevice, origin: Origin, actor: str = "self") -> Refusal | None:
    """From now on nobody signs in with the card, under whatever user name. None when it is so.

    Sessions that stand on it end, but for the one that reports it.
    """
    card = _mark(device, lost=True, origin=origin, actor=actor)
    if isinstance(card, Refusal):
        return card
    _tell_others(device, Event.CARD_LOST, origin=origin)
    return None


def report_found(*, device: CardDevice, origin: Origin) -> Refusal | None:
    """The card works again, under every user name. None when it is so."""
    card = _mark(device, lost=False, origin=origin)
    if isinstance(card, Refusal):
        return card
    _tell_others(device, Event.CARD_FOUND, origin=origin)
    return None


def _mark(device: CardDevice, *, lost: bool, origin: Origin, actor: str = "self") -> Card | Refusal:
    with transaction.atomic():
        user = audit.lock(device.user_id)
        card = Card.objects.select_for_update(no_key=True).get(pk=device.card_id)
        still_on_it = listing.names_on(card).filter(pk=device.pk).exists()
        if not still_on_it or card.disabled_at is not None or card.returned_at is not None:
            return Refusal.GIVEN_UP
        if not lost and card.lost_at is None:
            return Refusal.NOT_LOST
        if lost and card.lost_at is not None:
            return card
        card.lost_at = timezone.now() if lost else None
        card.asked = None
        card.save(update_fields=["lost_at", "asked"])
        event = Event.CARD_LOST if lost else Event.CARD_FOUND
        detail = {"method": CODE, "card": card.masked}
        audit.record(event, user=user, origin=origin, actor=actor, detail=detail)
        if lost:
            _end(device, user, origin=origin, spare=origin.session)
    return card


def _end(device: CardDevice, user: User, *, origin: Origin, spare: str = "") -> None:
    challenges.cancel(user_id=user.pk, method=CODE)
    sessions.close_all(
        user=user,
        why=End.REVOKED,
        origin=origin,
        spare=spare,
        device=device.persistent_id,
    )


def _tell_others(device: CardDevice, event: Event, *, origin: Origin) -> None:
    # Each name in a transaction of its own: nobody's lock is waited for while another's is held.
    for other in listing.names_on(device.card).exclude(pk=device.pk):
        with transaction.atomic():
            user = audit.lock(other.user_id)
            detail = {"method": CODE, "card": device.card.masked}
            audit.record(event, user=user, origin=origin, actor="system", detail=detail)
            if event is Event.CARD_LOST:
                _end(other, user, origin=origin)
