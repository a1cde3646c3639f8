"""The form of a token, what it may ask for, and why one is refused. Pure."""

import binascii
import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PREFIX = "cpt_"
ID, SECRET, CHECK = 10, 32, 6
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SIGN = "[0-9A-Za-z]"
FORM = re.compile(f"{PREFIX}({_SIGN}{{{ID}}})_({_SIGN}{{{SECRET}}})({_SIGN}{{{CHECK}}})")
NAME_MAX = 60
NETWORKS_MAX = 20


class Scope(StrEnum):
    """What a token may ask for."""

    ACCOUNT = "account.read"
    ACTIVITY = "activity.read"
    SECURITY = "security.read"
    FREEZE = "freeze.write"
    STOP = "automation.stop"


# A token has these unless told otherwise. The others take rights away and give none.
READING = frozenset({Scope.ACCOUNT, Scope.ACTIVITY, Scope.SECURITY})

# What a token of an account for algorithms may have: nothing that is about the person.
OF_ACCOUNT = frozenset({Scope.ACCOUNT, Scope.FREEZE, Scope.STOP})

LIVES = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
}
DEFAULT_LIFE = "24h"
HANDLES = (7, 14, 30, 90)  # days without a sign-in after which automation pauses


@dataclass(frozen=True, slots=True)
class Parts:
    """A well-formed token: the public ``id`` it is found by, and the hash (hex) of its secret."""

    id: str
    digest: str


def make() -> tuple[str, Parts]:
    """A new token and what is stored of it."""
    public, secret = _random(ID), _random(SECRET)
    body = f"{PREFIX}{public}_{secret}"
    return body + _checksum(body), Parts(public, _digest(secret))


def read(text: str) -> Parts | None:
    """The parts of ``text``, or None when it has not the form of a token or its checksum is
    another: mistyped, or made up."""
    found = FORM.fullmatch(text)
    if found is None or _checksum(text[:-CHECK]) != found[3]:
        return None
    return Parts(found[1], _digest(found[2]))


def _random(length: int) -> str:
    return "".join(secrets.choice(_DIGITS) for _ in range(length))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _checksum(text: str) -> str:
    value, digits = binascii.crc32(text.encode()), ""
    for _ in range(CHECK):
        value, place = divmod(value, len(_DIGITS))
        digits = _DIGITS[place] + digits
    return digits


class Why(StrEnum):
    """Why a call is refused. ``status`` is what HTTP says."""

    UNKNOWN = "unknown"
    REVOKED = "revoked"
    ENDED = "ended"
    OWNER = "owner"
    STOPPED = "stopped"
    NETWORK = "network"
    SCOPE = "scope"
    ROLE = "role"

    @property
    def status(self) -> int:
        return 403 if self in _FORBIDDEN else 401


# The token itself is good; what it asks for is not.
_FORBIDDEN = frozenset({Why.STOPPED, Why.NETWORK, Why.SCOPE, Why.ROLE})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a token and its owner at a call."""

    expires_at: datetime
    revoked: bool
    scopes: Collection[str]
    owner_bar: str | None  # why the owner may not authenticate at all
    is_member: bool  # of an account on which the owner may see
    stopped_at: datetime | None
    handle_days: int | None
    seen_at: datetime | None  # when the owner last signed in
    lets_in: bool  # the token's own networks, and the owner's restrictions


def refusal(facts: Facts, *, scope: Scope | None, now: datetime) -> Why | None:
    """Why a call for ``scope`` is refused at ``now``, or None. ``scope`` None asks for nothing but
    the token's own description."""
    if facts.revoked:
        return Why.REVOKED
    if now >= facts.expires_at:
        return Why.ENDED
    if facts.owner_bar is not None:
        return Why.OWNER
    if is_stopped(facts, now=now):
        return Why.STOPPED
    if not facts.lets_in:
        return Why.NETWORK
    if scope is not None and scope not in facts.scopes:
        return Why.SCOPE
    if scope in READING and not facts.is_member:
        return Why.ROLE
    return None


def is_stopped(facts: Facts, *, now: datetime) -> bool:
    """Whether the switch is off, or nobody has signed in for as long as the handle says."""
    if facts.stopped_at is not None:
        return True
    return handle_let_go(days=facts.handle_days, seen_at=facts.seen_at, now=now)


def handle_let_go(*, days: int | None, seen_at: datetime | None, now: datetime) -> bool:
    """Whether the dead-man's handle was let go. Who never signed in holds none."""
    return days is not None and (seen_at is None or now >= seen_at + timedelta(days=days))
