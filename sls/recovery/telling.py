"""What waits is told to every contact, with a way to stop it, and told again before it is over."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts import phrase
from accounts.alerts import facts
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts import reached
from accounts.origin import SYSTEM
from accounts.outbox import guard
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from accounts.users.models import User
from sls.recovery.models import Delay

MESSAGE = "recovery_requested"
TEXT_LIFE = timedelta(hours=6)


def tell(delay: Delay, *, user: User, entry: Entry, link: str) -> None:
    """Queues the message for every verified address and number. The caller holds the lock.

    A mail holds a link, which stops and can do nothing else; a text message holds none.
    """
    with translation.override(user.language):
        context = {
            **facts.of(entry, name=MESSAGE),
            "due": facts.when(delay.due_at, user.zone),
            "again": entry.event == Event.RECOVERY_REMINDED,
            "reference": delay.written,
            "cancel_url": settings.PUBLIC_BASE_URL + reverse("recover_cancel", args=[link]),
        }
    told = [(Channel.EMAIL, to, delay.until) for to in reached.addresses_to_tell(user.pk)]
    told += [
        (Channel.SMS, phone.number, timezone.now() + TEXT_LIFE)
        for phone in reached.numbers_to_tell(user.pk)
        if phone.takes_sms and not guard.refusal(phone.number)
    ]
    for channel, to, until in told:
        outbox.enqueue(
            user=user,
            channel=channel,
            name=MESSAGE,
            to=to,
            language=user.language,
            context=context,
            expires_at=until,
            phrase=phrase.of(user),
        )


def remind(delay: Delay, *, link: str) -> None:
    """Tells once more, a day before the wait is over."""
    with transaction.atomic():
        user = audit.lock(delay.user_id)
        waiting = Delay.objects.filter(pk=delay.pk, ended_at=None, reminded_at=None)
        if waiting.update(reminded_at=timezone.now()) != 1:
            return
        detail = {"due": delay.due_at.isoformat(timespec="minutes")}
        entry = audit.record(Event.RECOVERY_REMINDED, user=user, origin=SYSTEM, detail=detail)
        tell(delay, user=user, entry=entry, link=link)
