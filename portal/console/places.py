"""The places of the console, for whoever may enter them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.approvals import listing
from accounts.users.models import User
from portal.console import rules
from portal.console.doors import powers_of, roles_of
from portal.console.rules import Power


@dataclass(frozen=True, slots=True)
class Place:
    """``url`` is the name of its page; None as ``power`` opens it to all of staff."""

    code: str
    url: str
    label: Promise
    power: Power | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the list, with how many things wait there (0 says nothing)."""

    code: str
    url: str
    label: str
    count: int = 0


PLACES = (
    Place("home", "console:index", _("Home"), None),
    Place("clients", "console:search", _("Clients"), Power.SEE_CLIENT),
    Place("approvals", "console:approvals", _("Approvals"), None),
    Place("cases", "console:cases", _("Cases"), Power.CASES),
    Place("talks", "console:talks", _("Conversations"), Power.CALL_CLIENT),
    Place("transactions", "console:transactions", _("Held transactions"), Power.TRANSACTIONS),
    Place("numbers", "console:numbers", _("Call-back numbers"), Power.NUMBERS),
    Place("open", "console:open_account", _("Open an account"), Power.OPEN_ACCOUNT),
    Place("cards", "console:cards", _("Security cards"), Power.CARD_STOCK),
    Place("desk", "console:desk", _("Telephony desk"), Power.SEE_DESK),
    Place("trail", "console:trail", _("Trail"), Power.SEE_TRAIL),
    Place("hooks", "console:hooks", _("Webhooks"), Power.WEBHOOKS),
    Place("staff", "console:staff", _("Staff"), Power.ROLES),
)


def decides(user: User) -> list[str]:
    """The powers about whose requests this member of staff may decide."""
    roles = roles_of(user)
    return [power.value for power in rules.DUAL if rules.decides(roles, power)]


def of(user: User) -> list[Entry]:
    """The places of this member of staff. At most two queries."""
    powers = powers_of(user)
    decided = decides(user)
    waiting = listing.count(powers=decided, staff=user) if decided else 0
    return [
        Entry(
            one.code,
            reverse(one.url),
            str(one.label),
            waiting if one.code == "approvals" else 0,
        )
        for one in PLACES
        if one.power is None or one.power in powers
    ]
