"""A card on its way back: announced by the client, received or charged by staff."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from sls.cards import charging, listing
from sls.cards.models import Parcel
from sls.cards.rules import Refusal, Why
from sls.methods.dsc_plus.method import DscPlus
from sls.methods.dsc_plus.models import Card, CardDevice, Charge


class NoSuchCard(ValueError):
    """There is nothing to receive or charge; the message is one line for an operator."""


def announce(*, device: CardDevice, carrier: str, tracking: str, origin: Origin) -> Refusal | None:
    """Writes down by whom the card was sent and the number of the parcel; may be corrected."""
    with transaction.atomic():
        user = audit.lock(device.user_id)
        if not listing.own(user.pk).filter(pk=device.pk, card__returned_at=None).exists():
            return Refusal.GONE
        Parcel.objects.update_or_create(
            card=device.card,
            defaults={
                "user": user,
                "carrier": carrier,
                "tracking": tracking,
                "sent_at": timezone.now(),
            },
        )
        detail = {"card": device.card.masked, "carrier": carrier, "tracking": tracking}
        audit.record(Event.CARD_SENT_BACK, user=user, origin=origin, detail=detail)
    return None


def receive(*, serial: str, origin: Origin, actor: str) -> Card:
    """The card came back: it serves nobody any more, and what was held for it is given back.

    Raises ``NoSuchCard``.
    """
    card = _out(serial)
    for device in listing.names_on(card):
        with transaction.atomic():
            user = audit.lock(device.user_id)
            locked = Card.objects.select_for_update(no_key=True).get(pk=card.pk)
            if locked.returned_at is None:
                locked.returned_at = timezone.now()
                locked.save(update_fields=["returned_at"])
            detail = {"card": card.masked}
            audit.record(Event.CARD_RETURNED, user=user, origin=origin, actor=actor, detail=detail)
            kind = Charge.Kind.RETURNED
            if not device.shared:
                charging.settle(locked, kind, why="returned", user=user, origin=origin, actor=actor)
            DscPlus().revoke(device, user=user, origin=origin, why="returned")
    return card


def charge(*, serial: str, why: Why, origin: Origin, actor: str) -> Card:
    """Charges what is held for a card that will not come back whole. Raises ``NoSuchCard``."""
    card = _out(serial)
    held = Charge.objects.filter(card=card, kind=Charge.Kind.HELD).first()
    if held is None:
        raise NoSuchCard(_("nothing is held for card %(card)s") % {"card": serial})
    with transaction.atomic():
        user = audit.lock(held.user_id)
        locked = Card.objects.select_for_update(no_key=True).get(pk=card.pk)
        if not charging.settle(
            locked, Charge.Kind.CHARGED, why=why, user=user, origin=origin, actor=actor
        ):
            raise NoSuchCard(_("nothing is held for card %(card)s any more") % {"card": serial})
    return card


def _out(serial: str) -> Card:
    card = Card.objects.filter(serial=serial).first()
    if card is None or card.shipped_at is None:
        raise NoSuchCard(_("card %(card)s is not with a client") % {"card": serial})
    if card.returned_at is not None:
        raise NoSuchCard(_("card %(card)s came back already") % {"card": serial})
    return card
