"""What the outbox expects of whoever carries its messages.

The outcome of handing over is one of four: ``Accepted`` is returned; ``Refused``, ``Busy`` and
``Unknown`` are raised. Only ``Busy`` says that nothing was processed and may be tried again;
after ``Unknown`` the message may be on its way, and posting again could send it twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from accounts.outbox.errors import Error, classify


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it; ``detail`` is its own word for where it is now."""

    provider_id: str
    detail: str


class Refused(Exception):
    """The provider said no, with its code; nothing was sent. ``detail`` says more for the row."""

    def __init__(self, code: int, error: Error | None = None, detail: str = "") -> None:
        super().__init__(f"refused with {code}")
        self.code = code
        self.detail = detail
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
class Notification:
    """What a push service carries: ``words`` (JSON) encrypted for the app. One with the ``topic``
    of another that still waits takes its place."""

    words: str
    ttl: int
    topic: str
    urgent: bool


class Notifier(Protocol):
    """The push services of the browsers."""

    def notify(self, subscription: Mapping[str, Any], notification: Notification) -> Accepted:
        """Hands over a notification. ``Refused`` with 404 or 410 says that nobody is there any
        more; ``Unknown`` is never raised, for a repeated one takes the place of the first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one post of a webhook: a status of HTTP, or 0 and the ``reason`` for none."""

    status: int
    reason: str = ""
    retry_after: float | None = None
    is_worth_another_try: bool = False


class HookPoster(Protocol):
    """Who posts webhooks."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str], *, at_home: bool) -> Answer:
        """Posts once. Raises nothing for what the other end does. ``at_home`` allows this
        machine."""


CARRIER_MOST = 60


@dataclass(frozen=True, slots=True)
class Report:
    """What the network knows of a number. Nothing known is the default, neither good nor bad.

    ``line_type`` is "mobile", "landline", "voip" or "". The SIM card was changed ``swapped_at``,
    or at an unknown moment of the time ``swapped_within`` that ends now. ``carrier`` is its name,
    at most ``CARRIER_MOST`` characters.
    """

    line_type: str = ""
    carrier: str = ""
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
    push: Notifier
    numbers: NumberIntelligence
    hooks: HookPoster
