"""Cards as things: from the delivery of the maker to the client."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

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
        order = (
            Order.objects.select_for_update(no_key=True)
            .filter(user=user, confirmed_at__isnull=False, shipped_at=None, cancelled_at=None)
            .first()
        )
        if order is None:
            raise CannotShip(f"{user.username} has no open order for a card")
        card = Card.objects.select_for_update(no_key=True).filter(serial=serial).first()
        if card is None:
            raise CannotShip(f"there is no card {serial} in stock")
        if card.shipped_at is not None:
            raise CannotShip(f"card {serial} was shipped already")
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
