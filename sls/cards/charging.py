"""The USD 20 of a card: held, given back or charged. The caller holds the user's lock."""

from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.users.models import User
from sls.methods.dsc_plus.models import Card, Charge


def settle(
    card: Card, kind: Charge.Kind, *, why: str, user: User, origin: Origin, actor: str = "self"
) -> bool:
    """Lifts or charges what is held for ``card``. False when nothing is held any more.

    The card is locked: what is held is settled once.
    """
    lines = Charge.objects.filter(card=card).order_by("-at", "-pk")
    held = lines.first()
    if held is None or held.kind != Charge.Kind.HELD:
        return False
    Charge.objects.create(
        card=card,
        account=held.account,
        user_id=held.user_id,
        kind=kind,
        amount_usd=held.amount_usd,
        why=why,
        at=timezone.now(),
    )
    if kind is Charge.Kind.CHARGED:
        audit.record(
            Event.CARD_CHARGED,
            user=user,
            origin=origin,
            actor=actor,
            detail={
                "card": card.masked,
                "account": held.account.number,
                "usd": str(held.amount_usd),
                "why": why,
            },
        )
    return True


def of_user(user_id: int) -> list[Charge]:
    """Every line of the user's cards, newest first. One query."""
    lines = Charge.objects.filter(user_id=user_id).select_related("card", "account")
    return list(lines.order_by("-at", "-pk"))
