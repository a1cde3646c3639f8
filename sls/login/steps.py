"""The five things a sign-in can ask or say next. The browser renders them, an API serialises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.outbox.wording import Delivery

from accounts.users.models import User
from sls.login.rules import Why


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the last answer or wish was not accepted, in a code and in words.

    ``tries_left`` is None where tries are not counted; ``retry_after`` is in seconds, 0 for none.
    """

    code: str
    text: str
    tries_left: int | None = None
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """An authenticator to choose."""

    id: str
    method: str
    label: str
    last_used: datetime | None
    preferred: bool


@dataclass(frozen=True, slots=True)
class Resend:
    """When the code may be sent again: in ``after_seconds``, at ``at``, by one of ``options``.

    ``reason`` says why not at all, or "".
    """

    after_seconds: int
    at: datetime | None
    options: Sequence[str]
    sends_left: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AskMethod:
    """Which authenticator?"""

    devices: Sequence[Option]
    error: Problem | None = None
    kind: str = "ask_method"


@dataclass(frozen=True, slots=True)
class AskAnswer:
    """What is the code? ``delivery`` and ``resend`` are None for codes that are not sent."""

    method: str
    destination: str
    reference: str
    delivery: Delivery | None
    resend: Resend | None
    expires_at: datetime
    expired: bool
    enrolling: bool = False
    call_destination: str = ""
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
