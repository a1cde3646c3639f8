"""The conversation of a call: which key was pressed, and what is said next.

Twilio tells each key to ``/twilio/voice/<id>/``. Each turn is answered once: the next one has the
next number in its path, so a repeated request hears no code. Nothing is read without a key, so
an answering machine learns nothing.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.outbox import questions, services, turns
from accounts.outbox.delivery import action
from accounts.outbox.models import Channel, Message, Status
from accounts.outbox.ports import VoiceScript
from accounts.vault import CannotOpen

READ, REPORT = "1", "9"
TURNS_MOST = 6
ON_THE_PHONE = {Status.SENDING, Status.UNKNOWN, Status.SENT, Status.DELIVERED}
NETWORK = Origin(platform="telephone")


def answer(message: Message, *, key: str, turn: int, now: datetime) -> VoiceScript:
    """What the call says after ``key`` ("" when none was pressed), in the message's language."""
    with translation.override(message.language):
        words = _words(message, turn, now)
        if not words:
            return turns.last(message, _("There is no code to read on this call. Goodbye."))
        if words.get("says"):
            return questions.answer(message, words, key=key, turn=turn)
        if key == READ and turns.take(message.pk, turn):
            return _read(message, words["lines"], turn + 1)
        if key == REPORT and _report(message, turn, words["reference"]):
            return turns.last(
                message,
                _("Thank you for telling us. The code no longer works."),
                _("Nobody from our firm will ever ask you for it. Goodbye."),
            )
        return turns.last(message, _("Goodbye."))


def _words(message: Message, turn: int, now: datetime) -> dict[str, Any]:
    """The content of a live call, or nothing."""
    live = (
        message.channel == Channel.VOICE
        and message.status in ON_THE_PHONE
        and now < message.expires_at
        and turn == message.turns < TURNS_MOST
    )
    if not live:
        return {}
    try:
        return message.content()
    except CannotOpen:
        return {}


def _read(message: Message, lines: list[str], turn: int) -> VoiceScript:
    services.settle(message.pk, status=Status.DELIVERED, detail="answered", key_pressed=READ)
    again = _("Press 1 to hear it again. Press 9 if you did not ask for this call.")
    return VoiceScript(
        message.language,
        (*lines, *lines, again),
        action=action(message.pk, turn=turn),
    )


def _report(message: Message, turn: int, reference: str) -> bool:
    """Records that the owner did not ask for the call; the sign-in is cancelled by who hears."""
    with transaction.atomic():
        user = audit.lock(message.user_id) if message.user_id else None
        if not turns.take(message.pk, turn):
            return False
        audit.record(
            Event.CALL_REPORTED,
            user=user,
            origin=NETWORK,
            detail={"reference": reference, "to": f"... {message.to[-2:]}"},
            note={"about": message.about, "number": message.to},
        )
    services.settle(
        message.pk, status=Status.DELIVERED, detail="answered", key_pressed=REPORT, ended=True
    )
    Message.objects.filter(pk=message.pk).update(key_pressed=REPORT, changed_at=timezone.now())
    return True
