"""The cards of a client, whatever their state."""

from django.db.models import QuerySet

from sls.methods.dsc_plus.models import Card, CardDevice, Order


def of_user(user_id: int) -> QuerySet[CardDevice]:
    """Everything that was sent to the user and has not ended, newest first."""
    mine = CardDevice.objects.filter(user_id=user_id, revoked_at=None)
    return mine.filter(card__shipped_at__isnull=False).order_by("-created_at", "-pk")


def own(user_id: int) -> QuerySet[CardDevice]:
    """Those of them that do not belong to another of the user's names."""
    return of_user(user_id).filter(shared=False)


def names_on(card: Card) -> QuerySet[CardDevice]:
    """Every user name that the card serves now, the one it was sent to first."""
    on_it = CardDevice.objects.filter(card=card, revoked_at=None).select_related("user")
    return on_it.order_by("shared", "created_at", "pk")


def open_order(user_id: int) -> Order | None:
    """The user's request that was neither cancelled nor shipped; maybe still a draft. One query."""
    open_ones = Order.objects.filter(user_id=user_id, shipped_at=None, cancelled_at=None)
    return open_ones.select_related("account").first()
