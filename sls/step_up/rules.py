"""What an action demands, what a grant is bound to, and how far a request has come. Pure."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sls.algorithms.risk import Level
from sls.methods.rules import Strength

HELD = timedelta(minutes=5)  # until the password is given
GRANTED = timedelta(minutes=5)  # until the grant is used, and what a window lasts


@dataclass(frozen=True, slots=True)
class Demand:
    """What an action asks for.

    ``least`` is the strength of the proof wherever the client holds as much; who holds less proves
    by the best there is, but never by less than ``floor``. ``spare`` says whether codes that only
    stand in (printed, given by support) may prove it.

    The grant is used once, within five minutes. A ``window`` lets the same action of the same
    session pass for as long instead: for lists that are edited entry by entry, and for what may
    never be kept until it is proven (passwords, PINs). ``also`` are methods that prove it however
    little they are worth: whoever has lost everything has nothing else.
    """

    least: Strength
    floor: Strength = Strength.TELEPHONE
    spare: bool = True
    window: bool = False
    also: frozenset[str] = frozenset()


_CODE, _KEY = Strength.TYPED_CODE, Strength.PHISHING_RESISTANT
# DOMAIN 1.16. What is not here is refused. Whoever took over a telephone number must not be able
# to make that last, so whoever holds more than a telephone proves by more than a telephone.
TABLE: dict[str, Demand] = {
    "contacts.change": Demand(_CODE),
    "address.change": Demand(_CODE),
    "password.change": Demand(_CODE, window=True),
    "session.trust": Demand(Strength.TELEPHONE, window=True),
    "device.add": Demand(_CODE),
    "device.remove": Demand(_CODE),
    "ib_key.invite": Demand(_CODE, spare=False),
    "sms.switch_off": Demand(_CODE),
    "backup_codes.renew": Demand(_CODE, spare=False),  # one found code must not become ten
    "online_card.make": Demand(_CODE, also=frozenset({"temporary_passcode"})),
    "card.request": Demand(_CODE),
    "card.found": Demand(_CODE, spare=False),
    "card.pin": Demand(_CODE, spare=False, window=True),
    "card.share": Demand(_CODE, spare=False),
    "ip_restrictions.change": Demand(_CODE, window=True),
    # Whoever took over a session must not make places expected, nor the owner's own unexpected.
    "travel.announce": Demand(_CODE, spare=False),
    "users.change": Demand(_CODE, spare=False, window=True),
    # Who may be deceived by messages that nobody sends or that a swindler can write.
    "alerts.change": Demand(_CODE),
    "phrase.change": Demand(_CODE, spare=False, window=True),
    "api_token.create": Demand(_CODE, spare=False),
    "automation.resume": Demand(_CODE, spare=False),
    "phones.widen": Demand(_CODE, spare=False),
    "automation.rule_remove": Demand(_CODE, spare=False),
    "support.approve": Demand(_CODE, spare=False),
    # What lowers safety or lets money out asks for the strongest there is (UX R45).
    "policy.change": Demand(_KEY, spare=False),
    "travel.end": Demand(_KEY, spare=False),
    "ceilings.raise": Demand(_KEY, spare=False),
    "bank.change": Demand(_KEY, spare=False),
    "algorithms.open": Demand(_KEY, spare=False),
    "withdrawal.request": Demand(_KEY, spare=False),
    "transaction.confirm": Demand(_KEY, spare=False),
    # Frozen because somebody may have taken over: the telephone is what they would have.
    "freeze.thaw": Demand(_KEY, floor=_CODE, spare=False),
}


# What a session asks for at least that was opened by an unusual sign-in.
RAISED = {
    Level.USUAL: 0,
    Level.ALERT: _CODE,
    Level.STRONGER: _KEY,
    Level.REFUSED: _KEY,
}


def needed(action: str, held: Collection[Strength], *, policy: int = 0) -> Strength:
    """How strong a proof of ``action`` has to be for a client who holds factors of ``held``.

    The table's ``least``, or what a ``policy`` (or an unusual sign-in) demands of the client if
    that is more, if one of them reaches it, else the strongest of them; never less than the
    table's ``floor``. Raises ``KeyError`` for an action that is not in the table.
    """
    demand = TABLE[action]
    wanted = max(demand.least, policy)
    return Strength(max(demand.floor, min(wanted, max(held, default=demand.floor))))


def demand(action: str, *, risk: Level) -> Demand:
    """What the table says of ``action``; in a session that takes more than usual, codes that only
    stand in prove nothing. Raises ``KeyError``."""
    row = TABLE[action]
    return replace(row, spare=row.spare and risk < Level.STRONGER)


@dataclass(frozen=True, slots=True)
class Factor:
    """What the rules know of a way to prove: whether its codes only stand in (``spare``), whether
    the action changes the very authenticator, and whether it is ``enough`` at any strength."""

    strength: Strength
    spare: bool = False
    changed: bool = False
    enough: bool = False


def proving(demand: Demand, least: Strength, factors: Sequence[Factor]) -> list[int]:
    """Which of ``factors`` may prove by at least ``least``, as places, best first.

    The strongest first, then in the order given; spare codes last, where they may prove at all.
    What is being changed proves only where nothing else can.
    """
    strong = [
        place
        for place, factor in enumerate(factors)
        if factor.enough or (factor.strength >= least and (demand.spare or not factor.spare))
    ]
    others = [place for place in strong if not factors[place].changed]
    return sorted(
        others or strong, key=lambda place: (factors[place].spare, -factors[place].strength)
    )


CSRF_FIELD = "csrfmiddlewaretoken"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_SECRET = re.compile(
    r"(?i)(^|[^a-z])(password|passwd|passcode|passphrase|code|pin|otp|secret|token|answer|response)"
    r"([^a-z]|$)"
)


REPEATED = 5  # failures of a session within a day after which the owner is told


class Stage(StrEnum):
    """What is asked for next."""

    PASSWORD = "password"  # noqa: S105
    CODE = "code"
    CONFIRM = "confirm"
    USED = "used"
    DROPPED = "dropped"  # something else happened that ends every proof
    OVER = "over"


def stage(
    now: datetime,
    *,
    expires_at: datetime,
    password_at: datetime | None,
    granted_at: datetime | None,
    used_at: datetime | None,
    dropped: bool = False,
) -> Stage:
    """Where a pending request stands at ``now``."""
    if used_at is not None:
        return Stage.USED
    if dropped:
        return Stage.DROPPED
    if now >= expires_at:
        return Stage.OVER
    if granted_at is not None:
        return Stage.CONFIRM
    return Stage.CODE if password_at is not None else Stage.PASSWORD


def digest(
    *,
    action: str,
    path: str,
    args: Sequence[object],
    kwargs: Mapping[str, object],
    query: str,
    fields: Iterable[tuple[str, str]],
) -> str:
    """SHA-256 (hex) of action, address and sorted fields: what exactly was proven for.

    Several views share an action and its arguments, and do different things: the path tells them
    apart. The query string counts too: a view could read it.
    """
    canonical = json.dumps(
        {
            "action": action,
            "path": path,
            "args": [str(arg) for arg in args],
            "kwargs": {name: str(value) for name, value in kwargs.items()},
            "query": query,
            "fields": sorted(fields),
        },
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def secrets_among(names: Iterable[str]) -> list[str]:
    """The fields whose names say that they hold a password, code or PIN: never to be kept."""
    return [name for name in names if _SECRET.search(name.replace("_", "-"))]
