"""A telephone, a mail server, push services, a network and receivers of webhooks for tests: they
keep what they get, and can fail."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from accounts.outbox.ports import (
    Accepted,
    Answer,
    Letter,
    Notification,
    Report,
    Sighting,
    VoiceScript,
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that was handed over; ``words`` is the text, the script or the letter."""

    channel: str
    to: str
    words: str | VoiceScript | Letter | Notification
    ref: UUID | None
    ttl: int | None
    provider_id: str
    at: datetime


class Memory:
    """A ``CodeSender``, ``Mailer``, ``Notifier``, ``NumberIntelligence`` and ``HookPoster``.

    ``fail(error)`` makes the next send fail before anything happens; ``lose(error)`` makes it fail
    after it was taken, as a time-out does. ``known`` holds what is reported of a number, or the
    error that is raised instead; ``looked_up`` every number that was asked about. ``posted`` holds
    the webhooks (address, body, headers); ``answers`` what the next ones are answered, else 204.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forgets everything."""
        self.sent: list[Sent] = []
        self.seen: dict[str, Sighting] = {}
        self.known: dict[str, Report | Exception] = {}
        self.looked_up: list[str] = []
        self.posted: list[tuple[str, bytes, Mapping[str, str]]] = []
        self.answers: deque[Answer | Exception] = deque()
        self._failures: deque[tuple[Exception, bool]] = deque()

    def fail(self, *errors: Exception) -> None:
        """The next sends raise these."""
        self._failures.extend((error, False) for error in errors)

    def lose(self, *errors: Exception) -> None:
        """The next sends are taken, and raise these all the same."""
        self._failures.extend((error, True) for error in errors)

    def send_sms(self, to: str, text: str, *, ttl: int, ref: UUID) -> Accepted:
        return self._take("sms", to, text, ref, ttl)

    def call(self, to: str, script: VoiceScript, *, ref: UUID) -> Accepted:
        return self._take("voice", to, script, ref, None)

    def send(self, to: str, letter: Letter, *, ref: UUID) -> Accepted:
        return self._take("email", to, letter, ref, None)

    def notify(self, subscription: Mapping[str, Any], notification: Notification) -> Accepted:
        to = subscription["endpoint"]
        return self._take("push", to, notification, None, notification.ttl)

    def post(self, url: str, body: bytes, headers: Mapping[str, str], *, at_home: bool) -> Answer:
        self.posted.append((url, body, headers))
        answer = self.answers.popleft() if self.answers else Answer(204)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _take(
        self,
        channel: str,
        to: str,
        words: str | VoiceScript | Letter | Notification,
        ref: UUID | None,
        ttl: int | None,
    ) -> Accepted:
        error, taken = self._failures.popleft() if self._failures else (None, True)
        if taken:
            prefix = "CA" if channel == "voice" else "SM"
            sid = f"{prefix}{len(self.sent) + 1:032x}"
            self.sent.append(Sent(channel, to, words, ref, ttl, sid, datetime.now(UTC)))
        if error is not None:
            raise error
        return Accepted(sid, "queued")

    def report(self, number: str) -> Report:
        self.looked_up.append(number)
        known = self.known.get(number, Report())
        if isinstance(known, Exception):
            raise known
        return known

    def fetch(self, channel: str, provider_id: str) -> Sighting:
        return self.seen.get(provider_id) or Sighting(provider_id, "sent", "sent")

    def look(
        self, channel: str, to: str, *, text: str, since: datetime, until: datetime
    ) -> Sequence[Sighting]:
        return [
            self.fetch(channel, one.provider_id)
            for one in self.sent
            if (one.channel, one.to) == (channel, to)
            and since <= one.at <= until
            and (channel == "voice" or one.words == text)
        ]


_memory = Memory()


def from_settings() -> Memory:
    """The one of this process."""
    return _memory
