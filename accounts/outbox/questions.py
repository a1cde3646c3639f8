"""The conversation of a call that asks: was it you?

Nothing is read without a key, so that an answering machine learns nothing and answers nothing. The
question is asked only of whoever heard it. What the answer means is the business of the room above
(``signals.answered``); no key, a repeated request and one that comes late mean nothing.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import services as audit
from accounts.outbox import services, turns
from accounts.outbox.delivery import action
from accounts.outbox.models import Message, Status
from accounts.outbox.ports import VoiceScript
from accounts.outbox.signals import answered

HEAR, AGAIN = "1", "3"
YES, NO = "1", "9"
STOP = "stop"  # the second key after "no"


def answer(message: Message, words: dict[str, Any], *, key: str, turn: int) -> VoiceScript:
    """What the call says after ``key``; ``words`` are the content of a live call, and the language
    is the message's. What was pressed before stands on the message: "" until it was heard."""
    before = message.key_pressed
    if not before and key == HEAR:
        return _read(message, words, turn)
    if before == HEAR and key == AGAIN:
        return _read(message, words, turn)
    if before == HEAR and key in (YES, NO):
        return _take(message, words, key=key, meaning="yes" if key == YES else "no", turn=turn)
    if before == NO and key == NO:
        return _take(message, words, key=key, meaning=STOP, turn=turn)
    return turns.last(message, _("Goodbye."))


def _read(message: Message, words: dict[str, Any], turn: int) -> VoiceScript:
    if not turns.take(message.pk, turn):
        return turns.last(message, _("Goodbye."))
    services.settle(message.pk, status=Status.DELIVERED, detail="answered", key_pressed=HEAR)
    # A call whose end was told too early is settled otherwise already, and is not moved by it.
    Message.objects.filter(pk=message.pk).update(key_pressed=HEAR)
    return VoiceScript(
        message.language, tuple(words["lines"]), action=action(message.pk, turn=turn + 1)
    )


def _take(
    message: Message, words: dict[str, Any], *, key: str, meaning: str, turn: int
) -> VoiceScript:
    """The answer counts in the transaction in which its turn is used up."""
    with transaction.atomic():
        audit.lock(message.user_id)  # before every message, as everywhere
        if not turns.take(message.pk, turn):
            return turns.last(message, _("Goodbye."))
        heard = answered.send(sender=Message, message=message, meaning=meaning)
        became = next((word for _receiver, word in heard if word), "over")
        goes_on = meaning == "no" and became != "over"
        Message.objects.filter(pk=message.pk).update(
            key_pressed=key,
            changed_at=timezone.now(),
            **({} if goes_on else {"body": None}),
        )
    lines = tuple(words["says"].get(became, ())) or (_("Goodbye."),)
    if not goes_on:
        return turns.last(message, *lines)
    return VoiceScript(message.language, lines, action=action(message.pk, turn=turn + 1))
