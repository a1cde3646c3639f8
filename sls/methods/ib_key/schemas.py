"""What phones send and are sent (JSON)."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AnyUrl, ConfigDict, Field, StringConstraints

from sls.methods.rules import NAME_MAX

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_MAX)]
Digits = Annotated[str, StringConstraints(max_length=20)]
Coded = Annotated[str, StringConstraints(max_length=200, pattern="^[-_0-9A-Za-z]+$")]
Pin = Annotated[str, StringConstraints(max_length=20)]


class Sent(Schema):
    """What is sent to us: nothing beside what is named."""

    model_config = ConfigDict(extra="forbid")


class Begin(Sent):
    """Either a name and a password, or the session ID that the portal shows."""

    username: Annotated[str, StringConstraints(max_length=150)] = ""
    password: Annotated[str, StringConstraints(max_length=256)] = Field("", repr=False)
    session_id: Annotated[str, StringConstraints(max_length=20)] = Field("", repr=False)


class Number(Schema):
    """A telephone number that a code may go to, or a card that may answer."""

    id: str
    masked: str
    primary: bool


class Begun(Schema):
    """``activation`` finds the way again. ``needs`` says what proves the user."""

    activation: str
    needs: Literal["code", "nothing", "response"]
    challenge: str | None = None
    numbers: list[Number]
    migrates: bool
    username: str
    expires_at: datetime


class SendCode(Sent):
    """Which number, and by what."""

    number: Annotated[str, StringConstraints(max_length=80)]
    delivery: Literal["sms", "voice"] = "sms"


class CodeSent(Schema):
    """``reference`` begins the message; ``next_at`` is when another may be sent, None for never."""

    reference: str
    next_at: datetime | None
    sends_left: int


class Telephone(Sent):
    """The app on its telephone; ``instance`` is made once, by the app."""

    instance: UUID
    name: Name
    platform: Literal["ios", "android", "other"]


class Finish(Sent):
    """The proof of the user, the key of the phone, and what guards its secret."""

    code: Digits = Field("", repr=False)
    response: Digits = Field("", repr=False)
    public_key: Coded
    proof: Coded
    element: Literal["biometrics", "pin"]
    pin: Pin | None = Field(None, repr=False)
    phone: Telephone


class Finished(Schema):
    """What the phone keeps. ``secret`` is told here and never again."""

    device: str
    secret: str
    suite: str
    username: str
    phone_name: str


class Confirm(Sent):
    """The response to the first question."""

    response: Digits


class Confirmed(Schema):
    """Whether the phone is active, and whether it replaced another."""

    active: bool
    replaced: bool


class Approval(Schema):
    """What is asked; never the digits."""

    id: str
    action: str
    platform: str
    place: str
    browser: str
    address: str
    asked_at: datetime
    expires_at: datetime


class Last(Schema):
    """The push before, and what became of it."""

    id: str
    state: str


class Standing(Schema):
    """How a user stands on this phone."""

    username: str
    state: Literal["active"]
    element: str
    phone_name: str
    push: bool
    seamless: bool
    approval: Approval | None
    last: Last | None
    now: datetime


class Empty(Sent):
    """Nothing."""


class Done(Schema):
    """It was done."""

    ok: bool = True


class Approve(Sent):
    """The digits of the page, and the signature over them."""

    digits: Digits
    response: Digits = Field(repr=False)
    sig: Coded
    at: int


class Refuse(Sent):
    """Why."""

    why: Literal["cancelled", "not_me", "unsure"]


class Decided(Schema):
    """What became of the push; ``freeze_url`` where somebody else may have asked."""

    state: str
    freeze_url: str | None = None


class Question(Schema):
    """What the old PIN has to answer."""

    question: str


class ChangePin(Sent):
    """A response with the old PIN, and the new one."""

    question: Digits = ""  # the one of ``pin/question``; we keep it ourselves
    response: Digits
    pin: Pin = Field(repr=False)


class Rename(Sent):
    """Another name for the phone."""

    name: Name


class PushKey(Schema):
    """The server's key (VAPID)."""

    key: str


class Keys(Sent):
    """Of a push subscription (RFC 8291)."""

    p256dh: Coded
    auth: Coded


class Subscription(Sent):
    """Where notifications go."""

    endpoint: Annotated[AnyUrl, Field(max_length=1000)]
    keys: Keys
    expirationTime: Any = None  # noqa: N815 - as browsers name it


class Subscribe(Sent):
    """None for nowhere."""

    subscription: Subscription | None
