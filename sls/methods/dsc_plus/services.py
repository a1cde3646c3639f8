"""Cards in the hands of clients: activated, in use by themselves, disabled for all their users."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.models import Challenge
from accounts.challenges.rules import Outcome, Verdict
from accounts.origin import SYSTEM, Origin
from sls.methods import outcome
from sls.methods.device import Authenticator
from sls.methods.dsc_plus.models import CardDevice

CODE, LABEL = "dsc_plus", _("Digital Security Card+")


def awaiting_activation(user_id: int) -> CardDevice | None:
    """The card that was shipped to the user first and is not in use yet."""
    waiting = CardDevice.objects.filter(
        user_id=user_id,
        confirmed=False,
        revoked_at=None,
        disabled_at=None,
        card__shipped_at__isnull=False,
        card__lost_at=None,
        card__returned_at=None,
        card__disabled_at=None,
    )
    return waiting.order_by("created_at", "pk").first()


def require_due() -> int:
    """Puts every card into use that was mailed ``CARD_REQUIRED_DAYS`` ago and never activated.

    Its holder was told the day when it was shipped, and is told again now. Returns how many.
    """
    mailed = timezone.now() - timedelta(days=settings.CARD_REQUIRED_DAYS)
    due = CardDevice.objects.filter(
        confirmed=False, revoked_at=None, shared=False, card__shipped_at__lte=mailed
    )
    pending = due.order_by("pk").values_list("pk", "user_id")
    return sum(_require(device, user_id) for device, user_id in list(pending))


def _require(device_id: int, user_id: int) -> bool:
    with transaction.atomic():
        user = audit.lock(user_id)
        device = CardDevice.locked().get(pk=device_id)
        # It may have been activated, or reported as lost, a moment ago.
        if device.confirmed or not device.may_prove:
            return False
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        audit.record(
            Event.CARD_REQUIRED,
            user=user,
            origin=SYSTEM,
            actor="system",
            detail={"method": CODE, "card": device.card.masked},
        )
    return True


def tell_others_disabled(device: Authenticator, *, origin: Origin) -> None:
    """Records for the other user names of a card that it was disabled under one of them.

    Comes after the answer is counted, each name in a transaction of its own: nobody's lock is
    waited for while another's is held.
    """
    sharing = CardDevice.objects.filter(card=device.card, revoked_at=None, confirmed=True)
    for user_id in sharing.exclude(pk=device.pk).values_list("user_id", flat=True):
        with transaction.atomic():
            audit.record(
                Event.DEVICE_DISABLED,
                user=audit.lock(user_id),
                origin=origin,
                actor="system",
                detail={"method": CODE, "outcome": Outcome.DISABLED.value},
            )


def record_refused(challenge: Challenge, verdict: Verdict, *, origin: Origin) -> None:
    """Records a wrong response where neither a sign-in nor a step-up does, in a transaction of its
    own."""
    with transaction.atomic():
        user, purpose = audit.lock(challenge.user_id), {"for": challenge.purpose}
        outcome.record(Event.CARD_REFUSED, challenge, verdict, user=user, origin=origin, **purpose)
