from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import SYSTEM
from accounts.sessions import services as sessions
from accounts.sessions.models import End
from accounts.users.models import User
from sls.methods.online_card.models import OnlineCard

CODE, LABEL = "online_card", _("Online security code card")


def active(user_id: int) -> OnlineCard | None:
    """The sheet that the user signs in with, also a disabled one. One query."""
    mine = OnlineCard.objects.filter(user_id=user_id, confirmed=True, revoked_at=None)
    return mine.order_by("-created_at").first()


def expire_due() -> int:
    """Ends the sheets whose time is over; their owners are told. Returns how many."""
    over = OnlineCard.objects.filter(revoked_at=None, ends_at__lte=timezone.now())
    due = list(over.order_by("pk").values_list("pk", "user_id"))
    return sum(_expire(pk, user_id) for pk, user_id in due)


def _expire(pk: int, user_id: int) -> bool:
    with transaction.atomic():
        user: User = audit.lock(user_id)
        card = OnlineCard.objects.filter(pk=pk, revoked_at=None).first()
        if card is None:
            return False
        card.revoked_at, card.confirmed, card.seed = timezone.now(), False, None
        card.save(update_fields=["revoked_at", "confirmed", "seed"])
        sessions.close_all(user=user, why=End.REVOKED, origin=SYSTEM, device=card.persistent_id)
        audit.record(Event.ONLINE_CARD_OVER, user=user, origin=SYSTEM, actor="system")
    return True
