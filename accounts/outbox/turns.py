"""The turns of a call: each is answered once, whoever asks how often."""

from uuid import UUID

from django.db.models import F

from accounts.outbox.models import Message
from accounts.outbox.ports import VoiceScript


def take(message_id: UUID, turn: int) -> bool:
    """Uses the turn up; of equal requests at the same time one succeeds."""
    mine = Message.objects.filter(pk=message_id, turns=turn, body__isnull=False)
    return mine.update(turns=F("turns") + 1) == 1


def last(message: Message, *lines: str) -> VoiceScript:
    """What is said before the call ends."""
    return VoiceScript(message.language, lines)
