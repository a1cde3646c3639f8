"""Everything the emulator remembers, in memory behind one lock."""

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.emulator.formats import new_sid, now
from portal.emulator.keypad import Face

# The oldest rows make room; long benchmarks stay within a few tens of megabytes.
ROWS_MOST = 20_000
MAILS_MOST = 2_000


@dataclass
class Hook:
    """Where the customer wants to hear of a resource, and of which events."""

    url: str = ""
    method: str = "POST"
    events: frozenset[str] = frozenset()


@dataclass
class Message:
    """An SMS, either way; ``sender`` is None until a messaging service has chosen one."""

    account_sid: str
    to: str
    sender: str | None
    body: str
    service_sid: str | None = None
    direction: str = "outbound-api"
    status: str = "queued"
    segments: int = 1
    validity: int = 36_000
    hook: Hook = field(default_factory=Hook)
    error_code: int | None = None
    error_message: str | None = None
    sid: str = field(default_factory=lambda: new_sid("SM"))
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    sent: datetime | None = None


@dataclass(frozen=True)
class Spoken:
    """One Say: its text as the ear gets it, and the language of the voice."""

    text: str
    language: str


@dataclass
class Call:
    """A call from the account to a handset.

    ``keys`` are pressed and not yet taken by a Gather, ``pressed`` is every key of the call.
    ``replacement`` is new TwiML (or its address) by an update of the live call.
    """

    account_sid: str
    to: str
    sender: str
    twiml: str = ""
    url: str = ""
    method: str = "POST"
    fallback_url: str = ""
    ring_seconds: int = 60
    time_limit: int = 14_400
    hook: Hook = field(default_factory=Hook)
    status: str = "queued"
    sequence: int = 0
    spoken: list[Spoken] = field(default_factory=list)
    keys: str = ""
    pressed: str = ""
    listening: bool = False
    replacement: tuple[str, str] | None = None
    trouble: str = ""
    sid: str = field(default_factory=lambda: new_sid("CA"))
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    started: datetime | None = None
    ended: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.ended is not None

    @property
    def seconds(self) -> int:
        """Talking time, rounded up to a second; 0 for a call nobody answered."""
        if not self.started or not self.ended:
            return 0
        return max(1, round((self.ended - self.started).total_seconds()))


@dataclass
class Handset:
    """What a telephone is like; ``delay_ms`` replaces the usual time of a status step.

    ``sim_swapped_at`` is when its SIM card was last changed, as the carrier tells it.
    """

    number: str
    reachable: bool = True
    sms_capable: bool = True
    landline: bool = False
    opted_out: bool = False
    voicemail: bool = False
    delay_ms: int | None = None
    sim_swapped_at: datetime | None = None


@dataclass
class Card:
    """A card that was pressed, at ``pressed`` of the monotonic clock; ``counter`` counts responses,
    for suites that have it."""

    face: Face = field(default_factory=Face)
    pressed: float = 0.0
    counter: int = 0


@dataclass(frozen=True)
class Mail:
    """A mail as it came in, for one envelope recipient."""

    to: str
    sender: str
    subject: str
    text: str
    html: str
    sid: str = field(default_factory=lambda: new_sid("ML"))
    at: datetime = field(default_factory=now)


class Store:
    """The rows. Hold ``lock`` while reading or changing them; notify it after a change."""

    def __init__(self) -> None:
        self.lock = threading.Condition(threading.RLock())
        self.epoch = 0
        self._empty()

    def _empty(self) -> None:
        self.messages: dict[str, Message] = {}
        self.calls: dict[str, Call] = {}
        self.handsets: dict[str, Handset] = {}
        self.cards: dict[str, Card] = {}
        self.mails: deque[Mail] = deque(maxlen=MAILS_MOST)
        self.callbacks: deque[dict[str, Any]] = deque(maxlen=500)

    def reset(self) -> None:
        """Forgets everything; what is under way for old rows finds its row gone."""
        with self.lock:
            self.epoch += 1
            for call in self.calls.values():
                call.ended = call.ended or now()
                call.status = "canceled"
            self._empty()
            self.lock.notify_all()

    def keep_message(self, message: Message) -> None:
        """Adds it, newest last."""
        with self.lock:
            self.messages[message.sid] = message
            _trim(self.messages)
            self.lock.notify_all()

    def keep_call(self, call: Call) -> None:
        """Adds it, newest last."""
        with self.lock:
            self.calls[call.sid] = call
            _trim(self.calls)
            self.lock.notify_all()

    def handset(self, number: str) -> Handset:
        """The telephone with this number; an unknown one is an ordinary one, not remembered."""
        with self.lock:
            return self.handsets.get(number) or Handset(number)

    def messages_of(self, number: str) -> Iterator[Message]:
        """Both directions, newest first."""
        with self.lock:
            rows = list(self.messages.values())
        return (row for row in reversed(rows) if number in (row.to, row.sender))

    def calls_of(self, number: str) -> Iterator[Call]:
        """Newest first."""
        with self.lock:
            rows = list(self.calls.values())
        return (row for row in reversed(rows) if row.to == number)


def _trim(rows: dict[str, Any]) -> None:
    while len(rows) > ROWS_MOST:
        del rows[next(iter(rows))]


store = Store()
