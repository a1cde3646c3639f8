"""Who of staff may do what, and what takes two of them. Pure.

The one table of the console: roles are Django groups of these names, and nothing else in the
console says who may do a thing. Whatever is not in the table is refused.
"""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is here for. Roles are given and taken by two others, or by whoever
    runs the house (``manage.py staff_roles``)."""

    AGENT = "support_agent"
    LEAD = "support_lead"
    OFFICER = "security_officer"
    CARDS = "card_logistics"
    AUDITOR = "auditor"


class Power(StrEnum):
    """One thing that can be done in the console."""

    SEE_CLIENT = "see_client"  # search, and the client's page
    SEE_DESK = "see_desk"  # the telephony desk
    SEE_TRAIL = "see_trail"  # the whole trail, staff activity, four-eyes report
    EXPORT = "export"  # the evidence of one client
    CASES = "cases"  # answer and close reports
    CALL_CLIENT = "call_client"  # contact references, proving who calls
    TRANSACTIONS = "transactions"  # enter a flagged transaction
    UNLOCK = "unlock"
    END_SESSIONS = "end_sessions"
    RESEND = "resend"
    MARK_NUMBER = "mark_number"
    SUSPEND = "suspend"
    REVOKE = "revoke"
    PASSCODE = "passcode"
    CARD_STOCK = "card_stock"  # import, assign, ship, receive, charge
    UNBLOCK = "unblock"
    CARD_PIN = "card_pin"
    BELOW_THRESHOLD = "below_threshold"
    SHARING = "sharing"
    OPT_IN = "opt_in"
    IP_RULE = "ip_rule"
    HOLD = "hold"
    FREEZE = "freeze"
    THAW = "thaw"
    OPEN_ACCOUNT = "open_account"
    CONTACT = "contact"  # correct contact data
    CLOSE = "close"
    ROLES = "roles"
    NUMBERS = "numbers"  # the call-back numbers that clients are told
    OVERRULE = "overrule"  # the spend guard
    WEBHOOKS = "webhooks"  # where events of clients are told to systems of the brokerage


_ALL_SEE = {Power.SEE_CLIENT, Power.SEE_DESK}
_AGENT = _ALL_SEE | {
    *(Power.CASES, Power.CALL_CLIENT, Power.TRANSACTIONS, Power.UNLOCK, Power.END_SESSIONS),
    *(Power.RESEND, Power.MARK_NUMBER, Power.SUSPEND, Power.PASSCODE, Power.FREEZE, Power.HOLD),
    *(Power.OPT_IN, Power.REVOKE, Power.CONTACT, Power.OPEN_ACCOUNT, Power.UNBLOCK),
}
_LEAD = _AGENT | {
    *(Power.IP_RULE, Power.SHARING, Power.BELOW_THRESHOLD, Power.CARD_PIN, Power.THAW),
    *(Power.CLOSE, Power.NUMBERS, Power.OVERRULE),
}
_OFFICER = _LEAD | {Power.SEE_TRAIL, Power.EXPORT, Power.ROLES, Power.WEBHOOKS}

MAY: dict[Role, frozenset[Power]] = {
    Role.AGENT: frozenset(_AGENT),
    Role.LEAD: frozenset(_LEAD),
    Role.OFFICER: frozenset(_OFFICER),
    Role.CARDS: frozenset({Power.SEE_CLIENT, Power.CARD_STOCK, Power.UNBLOCK, Power.CARD_PIN}),
    Role.AUDITOR: frozenset(_ALL_SEE | {Power.SEE_TRAIL, Power.EXPORT}),
}

# What takes a second person, who has the same power (FEATURES 36, SECURITY 6.4.4).
DUAL = frozenset(
    {
        *(Power.PASSCODE, Power.REVOKE, Power.UNBLOCK, Power.CONTACT, Power.THAW, Power.ROLES),
        *(Power.CARD_PIN, Power.NUMBERS, Power.WEBHOOKS),
    }
)
# Roles that decide about requests of others; an agent asks and does not decide.
DECIDES = frozenset({Role.LEAD, Role.OFFICER})
# Officers alone ask for these; a lead may be the second person, since a house may have one officer.
DECIDED_BY_LEADS = frozenset({Power.WEBHOOKS})


def powers(roles: Iterable[str]) -> frozenset[Power]:
    """All that these roles may; names that are no role give nothing."""
    known = [MAY[Role(role)] for role in roles if role in MAY]
    return frozenset().union(*known)


def decides(roles: Iterable[str], power: Power) -> bool:
    """Whether whoever has these roles may decide about a request of somebody else for ``power``."""
    known = {Role(role) for role in roles if role in MAY} & DECIDES
    is_for_lead = power in DECIDED_BY_LEADS and Role.LEAD in known
    return is_for_lead or any(power in MAY[role] for role in known)
