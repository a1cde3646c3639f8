"""What the outbox expects of whoever carries its messages.

The outcome of handing over is one of four: ``Accepted`` is returned; ``Refused``, ``Busy`` and
``Unknown`` are raised. Only ``Busy`` says that nothing was processed and may be tried again;
after ``Unknown`` the message may be on its way, and posting again could send it twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from accounts.outbox.errors import Error, classify


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it; ``detail`` is its own word for where it is now."""

    provider_id: str
    detail: str


class Refused(Exception):
    """The provider said no, with its code; nothing was sent."""

    def __init__(self, code: int, error: Error | None = None) -> None:
        super().__init__(f"refused with {code}")
        self.code = code
        self.error = error or classify(code)


class Busy(Exception):
    """Surely not processed; ``retry_after`` in seconds where the provider said so."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class Unknown(Exception):
    """May have been processed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message as the provider reports it, in the words of the ladder."""

    provider_id: str
    status: str
    detail: str = ""
    error_code: int | None = None


@dataclass(frozen=True, slots=True)
class VoiceScript:
    """What a call says, in ``language``; with ``action`` it then waits for one key.

    ``action`` is the path of ours that is told the key; without it the call ends.
    """

    language: str
    lines: tuple[str, ...]
    action: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail; ``html`` may be empty."""

    subject: str
    text: str
    html: str = ""


class CodeSender(Protocol):
    """A telephone provider."""

    def send_sms(self, to: str, text: str, *, ttl: int, ref: UUID) -> Accepted:
        """Hands over a text message that is worthless after ``ttl`` seconds."""

    def call(self, to: str, script: VoiceScript, *, ref: UUID) -> Accepted:
        """Rings the number and runs ``script``."""

    def fetch(self, channel: str, provider_id: str) -> Sighting:
        """Where a message is now."""

    def look(
        self, channel: str, to: str, *, text: str, since: datetime, until: datetime
    ) -> Sequence[Sighting]:
        """Messages to ``to`` made in that time (with this text), oldest first."""


class Mailer(Protocol):
    """A mail server."""

    def send(self, to: str, letter: Letter, *, ref: UUID) -> Accepted:
        """Hands over an e-mail."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the network knows of a number. Nothing known is the default, neither good nor bad.

    ``line_type`` is "mobile", "landline", "voip" or "". The SIM card was changed ``swapped_at``,
    or at an unknown moment of the time ``swapped_within`` that ends now.
    """

    line_type: str = ""
    swapped_at: datetime | None = None
    swapped_within: timedelta | None = None


class NumberIntelligence(Protocol):
    """Who knows about numbers."""

    def report(self, number: str) -> Report:
        """What is known of ``number`` (E.164). Raises ``Refused``, ``Busy`` and ``Unknown``."""


@dataclass(frozen=True, slots=True)
class Gateways:
    """The ways out."""

    telephone: CodeSender
    mail: Mailer
    numbers: NumberIntelligence
