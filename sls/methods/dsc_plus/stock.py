"""Cards as things: from the delivery of the maker to the client."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.client_accounts.models import ClientAccount
from accounts.origin import Origin
from accounts.users.models import User
from sls.algorithms.pskc import Token, Unreadable
from sls.methods.dsc_plus import rules
from sls.methods.dsc_plus.models import Card, CardDevice, Charge, Order
from sls.methods.dsc_plus.services import LABEL


class CannotShip(ValueError):
    """The card cannot be sent to this client; the message is one line for an operator."""


def import_tokens(tokens: Sequence[Token], *, origin: Origin, actor: str) -> list[Card]:
    """Takes a delivery into stock, all or nothing; the seeds are sealed anew at once.

    Raises ``Unreadable`` naming each token that is no card of ours.
    """
    problems = [
        f"{token.serial}: {problem}"
        for token in tokens
        if (problem := rules.unfit_token(token.suite, token.secret))
    ]
    taken = Card.objects.filter(serial__in=[token.serial for token in tokens])
    problems += [f"{serial}: in stock already" for serial in taken.values_list("serial", flat=True)]
    if problems:
        raise Unreadable(*problems)
    cards = [_card(token) for token in tokens]
    try:
        with transaction.atomic():
            Card.objects.bulk_create(cards)
            audit.record(
                Event.CARDS_IMPORTED,
                user=None,
                origin=origin,
                actor=actor,
                detail={"cards": len(cards), "first": cards[0].serial, "last": cards[-1].serial},
            )
    except IntegrityError:
        # Somebody imports the same delivery at this very moment.
        raise Unreadable("one of the cards is in stock already") from None
    return cards


def _card(token: Token) -> Card:
    card = Card(
        serial=token.serial,
        suite=token.suite,
        counter=token.counter,
        imported_at=timezone.now(),
    )
    card.put_seed(token.secret)
    return card


def ship(*, serial: str, user: User, origin: Origin, actor: str) -> CardDevice:
    """Sends a card from the stock to the client who ordered one; the PIN they chose goes with it.

    From now on the client can activate it, and after ``CARD_REQUIRED_DAYS`` it is in use by
    itself. Raises ``CannotShip``.
    """
    with transaction.atomic():
        user = audit.lock(user.pk)
        order = _open_order(user)
        card = Card.objects.select_for_update(no_key=True).filter(serial=serial).first()
        if card is None:
            raise CannotShip(_("there is no card %(card)s in stock") % {"card": serial})
        if problem := _taken(card, order):
            raise CannotShip(problem)
        now = timezone.now()
        required = rules.required_from(now, settings.CARD_REQUIRED_DAYS)
        card.shipped_at = now
        card.put_pin(order.opened("pin"))
        card.save(update_fields=["shipped_at", "pin"])
        order.card, order.shipped_at, order.pin = card, now, None
        order.save(update_fields=["card", "shipped_at", "pin"])
        device = hand_over(card, user=user, account=order.account, at=now)
        audit.record(
            Event.CARD_SHIPPED,
            user=user,
            origin=origin,
            actor=actor,
            detail={
                "card": card.masked,
                "account": order.account.number,
                "in_use_from": required.astimezone(ZoneInfo(user.zone)).date().isoformat(),
            },
        )
    return device


def _taken(card: Card, order: Order) -> str:
    """Why a card does not go to an order, "" where it may."""
    if card.shipped_at is not None:
        return _("card %(card)s was shipped already") % {"card": card.serial}
    if order.card_id not in (None, card.pk):
        return _("card %(card)s is set aside for this request") % {"card": order.card.serial}
    others = Order.objects.filter(card=card, shipped_at=None, cancelled_at=None)
    other = others.exclude(pk=order.pk).select_related("user").first()
    if other is None:
        return ""
    who = {"card": card.serial, "name": other.user.username}
    return _("card %(card)s is set aside for %(name)s") % who


def hand_over(card: Card, *, user: User, account: ClientAccount, at: datetime) -> CardDevice:
    """The card is the user's, to be activated, and the reserve is held on ``account``."""
    Charge.objects.create(
        card=card,
        account=account,
        user=user,
        kind=Charge.Kind.HELD,
        amount_usd=settings.CARD_RESERVE_USD,
        why="issued",
        at=at,
    )
    name = f"{LABEL} {card.masked}"
    return CardDevice.objects.create(user=user, card=card, name=name, confirmed=False)


def assign(*, serial: str, user: User, origin: Origin, actor: str) -> Order:
    """Sets a card of the stock aside for the client's confirmed request; ``ship`` sends it.

    Another one that was set aside for it goes back. Raises ``CannotShip``.
    """
    with transaction.atomic():
        user = audit.lock(user.pk)
        order = _open_order(user)
        card = Card.objects.select_for_update(no_key=True).filter(serial=serial).first()
        if card is None:
            raise CannotShip(_("there is no card %(card)s in stock") % {"card": serial})
        order.card = None
        if problem := _taken(card, order):
            raise CannotShip(problem)
        order.card = card
        order.save(update_fields=["card"])
        detail = {"card": card.masked}
        audit.record(Event.CARD_ASSIGNED, user=user, origin=origin, actor=actor, detail=detail)
    return order


def unassign(*, user: User, origin: Origin, actor: str) -> Order:
    """The card that was set aside for the client's request is free again. Raises ``CannotShip``."""
    with transaction.atomic():
        user = audit.lock(user.pk)
        order = _open_order(user)
        if order.card is None:
            raise CannotShip(_("no card is set aside for %(name)s") % {"name": user.username})
        detail = {"card": order.card.masked, "freed": True}
        order.card = None
        order.save(update_fields=["card"])
        audit.record(Event.CARD_ASSIGNED, user=user, origin=origin, actor=actor, detail=detail)
    return order


def _open_order(user: User) -> Order:
    order = to_ship().select_for_update(no_key=True, of=("self",)).filter(user=user).first()
    if order is None:
        raise CannotShip(_("%(name)s has no open order for a card") % {"name": user.username})
    return order


def to_ship() -> QuerySet[Order]:
    """The confirmed requests that wait for their card, the oldest first, with user and card."""
    waiting = Order.objects.filter(confirmed_at__isnull=False, shipped_at=None, cancelled_at=None)
    return waiting.select_related("user", "card").order_by("confirmed_at", "pk")


def free() -> QuerySet[Card]:
    """The cards in stock that are set aside for nobody, by serial number."""
    aside = Order.objects.filter(shipped_at=None, cancelled_at=None, card__isnull=False)
    stock = Card.objects.filter(shipped_at=None, disabled_at=None, returned_at=None, lost_at=None)
    return stock.exclude(pk__in=aside.values("card")).order_by("serial")
