"""The five things a sign-in can ask or say next, and that a lock was lifted. The browser renders
them, an API serialises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.challenges.shown import Question
from accounts.challenges.wording import Problem
from accounts.outbox.wording import Delivery
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.login.rules import Why


@dataclass(frozen=True, slots=True)
class Option:
    """An authenticator to choose.

    ``used`` says in words when it was last used. A ``fallback`` is for when nothing else is at
    hand.
    """

    id: str
    method: str
    label: str
    last_used: datetime | None
    preferred: bool
    used: str = ""
    fallback: bool = False


@dataclass(frozen=True, slots=True)
class AskMethod:
    """Which authenticator?"""

    devices: Sequence[Option]
    why: str = ""  # why not all of the person's ways are offered, or ""
    unlocking: bool = False
    error: Problem | None = None
    kind: str = "ask_method"


@dataclass(frozen=True, slots=True)
class AskAnswer(Question):
    """What is the code?

    ``unsent`` says why no text message was sent by itself, ``asked`` which authenticator is asked
    for where there are several, ``why`` why that one, ``advice`` what would be better; or "".
    ``alternatives`` are the other ways, which need no password again. ``unlocking`` says that the
    answer lifts a lock and signs nobody in.
    """

    unsent: str = ""
    asked: str = ""
    why: str = ""
    advice: str = ""
    alternatives: Sequence[Option] = ()
    unlocking: bool = False
    error: Problem | None = None
    kind: str = "ask_answer"


@dataclass(frozen=True, slots=True)
class Wait:
    """An approval elsewhere is awaited."""

    match: str
    expires_at: datetime
    kind: str = "wait"


@dataclass(frozen=True, slots=True)
class Mark:
    """Both halves of a device cookie; ``series`` is "" where the browser keeps the one it has."""

    series: str
    token: str


@dataclass(frozen=True, slots=True)
class Done:
    """Signed in. ``token`` is the key of the session and appears nowhere else.

    ``mark`` is what the browser keeps of it, None where it must not keep anything.
    """

    user: User
    token: str
    device: str
    next_path: str
    mark: Mark | None = None
    session: Session | None = None  # its row, with the user
    kind: str = "done"


@dataclass(frozen=True, slots=True)
class Refused:
    """No. ``retry_after`` is in seconds, 0 when waiting does not help."""

    reason: Why
    text: str
    retry_after: int = 0
    kind: str = "refused"


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The lock of the name is lifted; nobody is signed in by that."""

    text: str
    kind: str = "unlocked"


Step = AskMethod | AskAnswer | Wait | Done | Unlocked | Refused


@dataclass(frozen=True, slots=True)
class Progress:
    """What the polled fragment shows: the way of the last message."""

    delivery: Delivery | None
    expired: bool
