from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from django.db.models import QuerySet

from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Verdict
from accounts.challenges.wording import Problem
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users.models import User
from sls.methods.device import Authenticator, Then
from sls.methods.rules import Place, Strength


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """An authenticator as the sign-in needs it: enough to choose it and to open its challenge.

    ``id`` is django-otp's persistent id. ``destination`` is an E.164 number or ""; ``takes_sms``
    is False when the carrier or the owner refused text messages to it. ``position`` is the
    client's own order, 0 where none was chosen; ``lives_on`` what it would be lost with.
    ``over_at`` is when it proves no more, None for never; until ``limited_until`` it still opens a
    session that is limited (``Limits``). ``sensitive`` is said by who asks: no code of it goes to a
    new SIM card.
    """

    id: str
    method: str
    name: str
    destination: str
    takes_sms: bool
    last_used_at: datetime | None
    position: int = 0
    lives_on: str = Place.PHONE
    over_at: datetime | None = None
    limited_until: datetime | None = None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What was meant by what was typed: the ``answer``, or the ``problem`` that it is none."""

    answer: str = ""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An authenticator that is being enrolled.

    It is pending until ``challenge`` is answered; without one it is enrolled at once. ``shown`` is
    for the page of this one answer (``templates/methods/<code>/enrol.html``) and kept nowhere.
    """

    device: Authenticator
    challenge: Challenge | None
    shown: Mapping[str, Any] = field(default_factory=dict)


class Method(Protocol):
    """What the rest of the house may ask of a method."""

    code: str
    label: str
    answer: str  # what is typed, in words within a sentence; "" where nothing is
    risk: str  # one sentence: how somebody else could come by it
    strength: Strength
    permanent: bool  # False for what only stands in: a telephone number, printed codes
    channels: tuple[Channel, ...]  # by which its code is sent; none when a device makes it
    amr: str  # RFC 8176
    model: type[Authenticator]
    lives_on: Place  # what a new device would be lost with

    def devices(self, user_id: int) -> QuerySet[Authenticator]:
        """The authenticators of this user that can prove something now, annotated with
        ``destination`` and ``takes_sms``, with ``lives_on`` where they differ in that, and with
        ``over_at`` where their time is limited, which the registry heeds."""

    def enrol(self, *, user: User, origin: Origin, bound_to: str) -> Enrolment | Problem:
        """Makes a pending authenticator inside the caller's transaction (user row locked).

        ``bound_to`` is the digest that the first challenge belongs to. What the user left pending
        before is replaced. A problem says why there can be no (further) one.
        """

    def enrolling(self, challenge: Challenge) -> Mapping[str, Any]:
        """What the enrolment page shows again while ``challenge`` is open."""

    def challenge(
        self,
        device: DeviceRow,
        *,
        user: User,
        purpose: Purpose,
        bound_to: str,
        origin: Origin,
        delivery: Channel | None = None,
    ) -> Challenge:
        """Opens a challenge for ``device`` inside the caller's transaction (user row locked).

        What has to be sent is queued in the same transaction, by ``delivery`` where the method
        knows several ways.
        """

    def read(self, text: str, challenge: Challenge) -> Reading:
        """What was meant by ``text``. Nothing is compared with a secret, nothing counted."""

    def looks_like(self, text: str) -> bool:
        """Whether ``text`` has the shape of an answer of this method."""

    def verify(
        self, challenge: Challenge, answer: str, *, origin: Origin, then: Then | None = None
    ) -> Verdict:
        """Judges an answer and counts it, in a transaction of its own that nothing rolls back.

        Must not be called inside a transaction. A right answer uses the challenge up and resets
        the failures of its authenticator; the first one confirms a pending authenticator and
        records its enrolment. ``then`` says what else comes true in the same transaction.
        """

    def revoke(self, device: Authenticator, *, user: User, origin: Origin, why: str) -> None:
        """Ends the authenticator for good; the row stays. The caller holds the user's lock."""


@runtime_checkable
class Rings(Protocol):
    """A method whose device is rung, and may be rung again for the same challenge."""

    def ring(self, challenge: Challenge, *, user: User, origin: Origin) -> None:
        """Asks the device once more inside the caller's transaction (user row locked). Raises
        ``limits.TooMany`` where it was asked a moment ago, or too often."""


@runtime_checkable
class Asks(Protocol):
    """A method whose page of an answer shows more than the question of the challenge."""

    def asking(self, challenge: Challenge) -> Mapping[str, Any]:
        """What the page shows while ``challenge`` is open. One query."""


@runtime_checkable
class Limits(Protocol):
    """A method whose authenticators may open a session that is limited."""

    def limits(self, device: str) -> str:
        """To what the session is limited that ``device`` (a persistent id) opens now, "" for
        nothing (``accounts.marks.opens_in``). One query."""
