"""The five things a sign-in can ask or say next. The browser renders them, an API serialises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.challenges.shown import Question
from accounts.challenges.wording import Problem
from accounts.outbox.wording import Delivery
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
    error: Problem | None = None
    kind: str = "ask_method"


@dataclass(frozen=True, slots=True)
class AskAnswer(Question):
    """What is the code?

    ``unsent`` says why no text message was sent by itself, ``asked`` which authenticator is asked
    for where there are several, ``why`` why that one, ``advice`` what would be better; or "".
    ``alternatives`` are the other ways, which need no password again.
    """

    unsent: str = ""
    asked: str = ""
    why: str = ""
    advice: str = ""
    alternatives: Sequence[Option] = ()
    error: Problem | None = None
    kind: str = "ask_answer"


@dataclass(frozen=True, slots=True)
class Wait:
    """An approval elsewhere is awaited."""

    match: str
    expires_at: datetime
    kind: str = "wait"


@dataclass(frozen=True, slots=True)
class Done:
    """Signed in. ``token`` is the key of the session and appears nowhere else.

    ``device_cookie`` is to be kept by the browser, None when it has one or must not keep one.
    """

    user: User
    token: str
    device: str
    next_path: str
    device_cookie: str | None = None
    kind: str = "done"


@dataclass(frozen=True, slots=True)
class Refused:
    """No. ``retry_after`` is in seconds, 0 when waiting does not help."""

    reason: Why
    text: str
    retry_after: int = 0
    kind: str = "refused"


Step = AskMethod | AskAnswer | Wait | Done | Refused


@dataclass(frozen=True, slots=True)
class Progress:
    """What the polled fragment shows: the way of the last message."""

    delivery: Delivery | None
    expired: bool
