"""Requests for a card: drafted page by page, ordered by one proven request, or cancelled."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.client_accounts.models import ClientAccount, Membership, Role
from accounts.contacts.models import PhoneNumber
from accounts.origin import Origin
from accounts.users.models import User
from sls.cards import charging, listing, rules
from sls.cards.models import Allowance
from sls.cards.rules import CHARGED, Refusal, Standing, Why
from sls.methods.dsc_plus import rules as card_rules
from sls.methods.dsc_plus.method import DscPlus
from sls.methods.dsc_plus.models import Card, CardDevice, Charge, Order
from sls.methods.dsc_plus.rules import Unfit
from sls.methods.dsc_plus.services import awaiting_activation

DRAFT_LIFE = timedelta(days=1)


def accounts_of(user_id: int) -> list[ClientAccount]:
    """The accounts that the user owns, the largest first by their own currencies."""
    owned = ClientAccount.objects.filter(members__user=user_id, members__role=Role.OWNER)
    return list(owned.order_by("number"))


def standing(user_id: int) -> Standing:
    """What decides on a request of this user now."""
    owned = [(one.currency, one.equity) for one in accounts_of(user_id)]
    equity = rules.largest_usd(owned, settings.CARD_FX)
    order = listing.open_order(user_id)
    return Standing(
        equity_usd=equity,
        eligible=equity is not None
        and card_rules.is_eligible(
            equity_usd=equity,
            threshold_usd=Decimal(settings.CARD_THRESHOLD_USD),
            allowed_by_staff=Allowance.objects.filter(user_id=user_id).exists(),
        ),
        ordered=order is not None and order.confirmed_at is not None,
        on_its_way=awaiting_activation(user_id) is not None,
    )


def refusal(user_id: int) -> Refusal | None:
    """Why the user cannot request a card, as things stand."""
    return rules.refusal_to_request(standing(user_id))


def replaced(user_id: int) -> CardDevice | None:
    """The card that a new one would stand in for."""
    return listing.own(user_id).filter(confirmed=True).first()


def draft(*, user_id: int, address: str, why: Why) -> Refusal | None:
    """Writes down where the card is to be sent. What was chosen for an earlier draft stays."""
    with transaction.atomic():
        audit.lock(user_id)
        if why_not := refusal(user_id):
            return why_not
        order = listing.open_order(user_id)
        if order is None:
            order = Order(user_id=user_id, created_at=timezone.now())
        order.why = _why(user_id, why)
        order.put("address", address)
        order.save()
    return None


def _why(user_id: int, said: Why) -> Why:
    """A card that is reported as lost says itself why another is needed."""
    old = replaced(user_id)
    if old is None:
        return Why.FIRST
    if old.card.lost_at is not None:
        return Why.LOST
    return said if said in (Why.BATTERY, Why.DAMAGED) else Why.BATTERY


def unfit_pin(*, user_id: int, order: Order | None, pin: str) -> Unfit | None:
    """Why the user should not choose this PIN; None for one that is taken."""
    phones = PhoneNumber.objects.filter(user_id=user_id).values_list("number", flat=True)
    numbers = Membership.objects.filter(user=user_id).values_list("account__number", flat=True)
    address = order.opened("address").splitlines() if order else []
    return card_rules.unfit_pin(pin, personal=rules.digits_of([*phones, *numbers, *address]))


def choose_pin(*, user_id: int, pin: str) -> Unfit | Refusal | None:
    """Seals the PIN in the draft."""
    with transaction.atomic():
        audit.lock(user_id)
        order = _draft(user_id)
        if order is None:
            return Refusal.GONE
        if unfit := unfit_pin(user_id=user_id, order=order, pin=pin):
            return unfit
        order.put("pin", pin)
        order.save(update_fields=["pin"])
    return None


def choose_account(*, user_id: int, number: str) -> Refusal | None:
    """The account on which the reserve will be held: one that the user owns."""
    with transaction.atomic():
        audit.lock(user_id)
        order = _draft(user_id)
        account = next((one for one in accounts_of(user_id) if one.number == number), None)
        if order is None or account is None:
            return Refusal.GONE
        order.account = account
        order.save(update_fields=["account"])
    return None


def is_complete(order: Order | None) -> bool:
    """Whether nothing is missing but the confirmation."""
    parts = order and (order.address, order.pin, order.account_id)
    return bool(parts) and all(part is not None for part in parts)


def confirm(*, user_id: int, version: str, origin: Origin) -> Refusal | None:
    """Orders the card of the draft, if it is still the one whose ``version`` was read.

    Decided anew under the lock of the user's row. A card that was lost or damaged is given up by
    it, and its reserve is charged.
    """
    with transaction.atomic():
        user = audit.lock(user_id)
        if why_not := refusal(user_id):
            return why_not
        order = _draft(user_id)
        if order is None or not is_complete(order):
            return Refusal.GONE
        if order.version != version:
            return Refusal.CHANGED
        if order.account not in accounts_of(user_id):
            return Refusal.GONE
        order.confirmed_at = timezone.now()
        order.save(update_fields=["confirmed_at"])
        audit.record(
            Event.CARD_REQUESTED,
            user=user,
            origin=origin,
            detail={"account": order.account.number, "why": order.why},
        )
        _give_up(order, user=user, origin=origin)
    return None


def _give_up(order: Order, *, user: User, origin: Origin) -> None:
    old = replaced(user.pk)
    if old is None or order.why not in CHARGED:
        return
    card = Card.objects.select_for_update(no_key=True).get(pk=old.card_id)
    charging.settle(card, Charge.Kind.CHARGED, why=order.why, user=user, origin=origin)
    if card.lost_at is not None:
        DscPlus().revoke(old, user=user, origin=origin, why="replaced")


def cancel(*, user_id: int, origin: Origin) -> Refusal | None:
    """Ends a request that was not shipped yet; the PIN and the address in it are erased."""
    with transaction.atomic():
        return None if drop(audit.lock(user_id), origin=origin) else Refusal.GONE


def drop(user: User, *, origin: Origin) -> bool:
    """The same for a caller who holds the user's lock; whether there was one."""
    order = listing.open_order(user.pk)
    if order is None:
        return False
    order.cancelled_at, order.pin, order.address = timezone.now(), None, None
    order.save(update_fields=["cancelled_at", "pin", "address"])
    if order.confirmed_at is not None:
        audit.record(Event.CARD_CANCELLED, user=user, origin=origin)
    return True


def _draft(user_id: int) -> Order | None:
    order = listing.open_order(user_id)
    return None if order is None or order.confirmed_at is not None else order


def last_address(user_id: int) -> str:
    """Where the user's last card was sent, or "": to be confirmed, never taken as it is."""
    sent = Order.objects.filter(user_id=user_id, address__isnull=False, cancelled_at=None)
    order = sent.order_by("-created_at").first()
    return order.opened("address") if order else ""


def allow(*, user: User, reason: str, origin: Origin, actor: str) -> bool:
    """Lets somebody below the threshold request a card. False when that was so already."""
    with transaction.atomic():
        locked = audit.lock(user.pk)
        _row, made = Allowance.objects.get_or_create(user=locked, defaults={"at": timezone.now()})
        if made:
            audit.record(
                Event.CARD_ALLOWED,
                user=locked,
                origin=origin,
                actor=actor,
                detail={"reason": reason},
            )
    return made


def purge() -> int:
    """Deletes drafts that nobody confirmed within a day. Returns how many."""
    before = timezone.now() - DRAFT_LIFE
    return Order.objects.filter(confirmed_at=None, created_at__lt=before).delete()[0]
