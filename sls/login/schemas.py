"""What platforms send and are sent while somebody signs in (JSON)."""

from datetime import datetime
from typing import Annotated, Literal

from django.conf import settings
from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from accounts.users.rules import NAME_MAX
from sls.login.platforms import VERSION

# No control characters: a table takes no NUL, and a line is a line.
LINE = "^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"


class Sent(Schema):
    """What is sent to us: nothing beside what is named, and each of its own type."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _line(most: int) -> StringConstraints:
    return StringConstraints(max_length=most, pattern=LINE)


class SignIn(Sent):
    """Name and password, and what the platform says of itself."""

    username: Annotated[str, _line(NAME_MAX)] = Field(examples=["alice"])
    password: Annotated[str, StringConstraints(max_length=settings.PASSWORD_MAX)] = Field(
        repr=False, examples=["lantern-orbit-cactus-42"]
    )
    platform: Literal["tws", "webtrader", "mobile_ios", "mobile_android", "api"] = Field(
        examples=["tws"]
    )
    client_version: Annotated[str, StringConstraints(max_length=40, pattern=VERSION)] | None = (
        Field(None, examples=["10.30 latest"])
    )
    device_name: Annotated[str, _line(60)] = Field("", examples=["Desk in the study"])


class Choice(Sent):
    """One of ``devices`` or ``alternatives``, by its ``id``."""

    device: Annotated[str, _line(80)] = Field(examples=["sls.phonedevice/1"])


class Resend(Sent):
    """By what the code is sent again; ``new`` asks a device that makes its answers itself."""

    delivery: Literal["sms", "voice", "new"] = Field(examples=["voice"])


class Answer(Sent):
    """The code as it was typed; ``approved`` where a phone has approved. ``take_over`` ends another
    trading session of the user."""

    code: Annotated[str, StringConstraints(max_length=4000)] = Field(
        repr=False, examples=["493817"]
    )
    take_over: bool = False


class Device(Schema):
    """A way to prove who signs in. ``last_used`` is null for one that never was."""

    id: str
    method: str
    label: str
    last_used: datetime | None
    preferred: bool


class Wrong(Schema):
    """Why an answer was not taken, as a code and in words."""

    code: str
    text: str
    tries_left: int | None


class Words(Schema):
    """What the platform writes, word for word: beside and below the code, to ask for another."""

    field: str
    submit: str
    again: str
    ok: str


class AskMethod(Schema):
    """Which device? Choose one, and send its ``id`` to ``method``."""

    kind: Literal["ask_method"]
    devices: list[Device]
    why: str
    words: Words
    error: Wrong | None


class Delivery(Schema):
    """How far the last message came: ``status`` is a rung of the ladder, ``text`` says it."""

    channel: str
    status: str
    text: str


class Again(Schema):
    """When the code may be sent again, and by what. ``reason`` says why not at all, or is empty."""

    after_seconds: int
    options: list[str]
    sends_left: int
    reason: str


class AskAnswer(Schema):
    """What is the code? ``challenge`` is what the device is to answer, empty where it needs
    nothing; ``destination`` is masked."""

    kind: Literal["ask_answer"]
    method: str
    destination: str
    reference: str
    challenge: str
    delivery: Delivery | None
    resend: Again | None
    expires_at: datetime
    alternatives: list[Device]
    why: str
    words: Words
    error: Wrong | None


class Wait(Schema):
    """The phone is to approve, by typing ``match`` into it. Ask again every few seconds; the answer
    that a phone makes to ``challenge`` without a network is taken as well."""

    kind: Literal["wait"]
    method: str
    match: str
    text: str
    challenge: str
    expires_at: datetime
    again_after: int
    alternatives: list[Device]
    words: Words
    error: Wrong | None


class Refused(Schema):
    """No. ``retry_after`` is in seconds, 0 where waiting does not help."""

    kind: Literal["refused"]
    reason: str
    text: str
    retry_after: int


class Opened(Schema):
    """A session. ``token`` is told once, goes in ``Authorization: Bearer``, and opens nothing but
    this API. ``amr`` is of RFC 8176, ``acr`` how strong the proof was. A device that keeps
    ``device_token`` and sends it as ``Device-Token`` with its next sign-in is known, as a browser
    is; each sign-in gives another one."""

    token: str
    id: str
    username: str
    platform: str
    auth_time: datetime
    expires_at: datetime
    idle_seconds: int
    amr: list[str]
    acr: str
    rights: list[Literal["view", "trade", "fund", "settings"]]
    device_token: str


class SignedIn(Schema):
    """Signed in."""

    kind: Literal["done"]
    session: Opened


Step = Annotated[AskMethod | AskAnswer | Wait | Refused | SignedIn, Field(discriminator="kind")]


class Began(Schema):
    """``attempt`` finds the sign-in again; null where it was refused at once."""

    attempt: str | None
    step: Step


class Next(Schema):
    """Where the sign-in is now."""

    step: Step


class Session(Schema):
    """The session that asks. ``rights`` are those of now, ``week_ends`` when its week is over."""

    id: str
    username: str
    platform: str
    device: str
    auth_time: datetime
    seen_at: datetime
    expires_at: datetime
    idle_seconds: int
    amr: list[str]
    acr: str
    rights: list[Literal["view", "trade", "fund", "settings"]]
