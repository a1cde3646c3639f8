"""Who may do what on an account, and what its legal entity decides. Pure."""

from collections.abc import Iterable
from enum import StrEnum

# Hong Kong (SFC, 27 October 2017) and India (NSE, 25 March 2014) let nobody opt out.
NEVER_OPTED_OUT = frozenset({"HK", "IN"})

OWNER, OFFICER, TRADER, VIEWER = "owner", "security_officer", "trader", "viewer"


class Right(StrEnum):
    """What can be done on an account."""

    VIEW = "view"
    TRADE = "trade"
    FUND = "fund"
    SETTINGS = "settings"
    USERS = "users"  # say who may act on it, and look after what protects them


MAY: dict[str, frozenset[Right]] = {
    OWNER: frozenset(Right),
    OFFICER: frozenset({Right.VIEW, Right.SETTINGS, Right.USERS}),
    TRADER: frozenset({Right.VIEW, Right.TRADE}),
    VIEWER: frozenset({Right.VIEW}),
}


_ORDERS = frozenset({Right.VIEW, Right.TRADE})
# What each interface offers of that, by the name that sessions have it by; tokens of programs are
# no session.
OFFERS: dict[str, frozenset[Right]] = {
    "web": frozenset(Right) - {Right.USERS},
    "tws": _ORDERS,
    "webtrader": _ORDERS,
    "mobile_ios": _ORDERS | {Right.FUND},
    "mobile_android": _ORDERS | {Right.FUND},
    "api": _ORDERS,
}
TOKENS_OFFER = frozenset({Right.VIEW})
PHONES = frozenset({"mobile_ios", "mobile_android"})
_MONEY, _NONE = frozenset({Right.FUND}), frozenset[Right]()


def narrowed(platform: str, *, views_only: bool, moves_no_money: bool) -> frozenset[Right]:
    """What somebody has taken off an interface that offers it: of their phones everything but
    looking (``views_only``), or the money alone."""
    if platform not in PHONES:
        return frozenset()
    return frozenset(Right) - {Right.VIEW} if views_only else _MONEY if moves_no_money else _NONE


def rights(role: str, *, second_name: bool = False) -> frozenset[Right]:
    """What a user name may do in ``role``; a second one of the same person never moves money."""
    return MAY[role] - {Right.FUND} if second_name else MAY[role]


def may_let_more(role: str, *, second_name: bool) -> bool:
    """Whether a user name in ``role`` may let more be done on an account than now: raise a ceiling,
    open an account for algorithms. Owners alone, by the name that may also move money."""
    return role == OWNER and Right.FUND in rights(role, second_name=second_name)


def may_set(actor: str, *, old: str | None, new: str | None) -> bool:
    """Whether somebody in the role ``actor`` may change a role from ``old`` to ``new``; None is to
    be on the account not at all. Owners alone make and unmake owners."""
    return Right.USERS in MAY[actor] and (actor == OWNER or OWNER not in (old, new))


def gains(old: str | None, new: str | None) -> bool:
    """Whether ``new`` may do something that ``old`` may not: nobody gives that to themselves."""
    may = MAY[old] if old else frozenset()
    return bool(new and MAY[new] - may)


class Refusal(StrEnum):
    """Why users of an account are not changed; ``wording.py`` has the sentences."""

    FULL = "full"
    LISTED = "listed"
    LAST_OWNER = "last_owner"
    NOT_YOURS = "not_yours"
    OPTED_OUT = "opted_out"


def refusal(
    actor: str, *, old: str | None, new: str | None, users: int, owners: int, most: int
) -> Refusal | None:
    """Why a role is not changed from ``old`` to ``new`` on an account with so many ``users`` and
    ``owners``, of which it takes ``most`` users; None if it is."""
    if not may_set(actor, old=old, new=new):
        return Refusal.NOT_YOURS
    if old is None and users >= most:
        return Refusal.FULL
    if old == OWNER and new != OWNER and owners <= 1:
        return Refusal.LAST_OWNER
    return None


def may_opt_out(entities: Iterable[str]) -> bool:
    """Whether somebody with accounts at these entities may be opted out of the second factor."""
    return NEVER_OPTED_OUT.isdisjoint(entities)
