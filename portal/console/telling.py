"""What staff are told by mail: leads once for each range of numbers that is stopped, security
officers of each webhook that was switched off because its receiver is gone."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts import mailing
from accounts.outbox.hooks.models import Hook
from accounts.outbox.spending.models import Breaker
from accounts.users.models import User
from portal.console import staffing
from portal.console.rules import MAY, Power

MESSAGE = "spending_stopped"
GONE = "webhook_gone"


def _who_may(power: Power) -> Iterable[User]:
    return staffing.holding(*(role for role, powers in MAY.items() if power in powers))


def spending_stopped(sender: type, breaker: Breaker, **kwargs: Any) -> None:
    """Mails everybody who may overrule it."""
    for lead in _who_may(Power.OVERRULE):
        mailing.mail(
            lead,
            name=MESSAGE,
            about=f"breaker:{breaker.pk}",
            range=breaker.range,
            sends=breaker.sends,
            used=breaker.used,
            opened_at=breaker.opened_at,
        )


def hook_gone(sender: type, entry: Entry, **kwargs: Any) -> None:
    """Mails everybody who may switch it on again, in the transaction that switched it off."""
    if entry.event != Event.HOOK_GONE:
        return
    # Not the whole address: what follows the host may be a secret of its receiver.
    url = Hook.objects.values_list("url", flat=True).get(pk=entry.detail["endpoint"])
    for officer in _who_may(Power.WEBHOOKS):
        about = f"webhook_gone:{entry.number}"
        mailing.mail(officer, name=GONE, about=about, host=urlsplit(url).hostname or "")
