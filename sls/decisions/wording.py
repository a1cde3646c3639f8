"""A withdrawal in words, for the person who is to prove it."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.vault import CannotOpen
from sls.decisions.models import Withdrawal


def amount(one: Withdrawal) -> str:
    """ "USD 300,000.00"."""
    figures = number_format(one.amount, decimal_pos=2, force_grouping=True)
    return f"{one.currency} {figures}"


def destination(one: Withdrawal) -> str:
    """Where to; what cannot be unsealed is said to be unknown, and nobody proves it."""
    try:
        return one.shown()
    except CannotOpen:
        return _("unknown")


def shown(one: Withdrawal) -> dict[str, object]:
    """What the page says of it."""
    return {
        "withdrawal": one,
        "amount": amount(one),
        "destination": destination(one),
        "account": one.account,
        "is_proven": one.proven_at is not None,
    }
