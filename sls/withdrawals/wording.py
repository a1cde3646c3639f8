"""Limits in words."""

from decimal import Decimal

from django.utils.translation import gettext as _

from sls.withdrawals.rules import Limit


def amount(most: Decimal | None) -> str:
    """One amount; "No limit" where there is none."""
    if most is None:
        return _("No limit")
    return _("USD %(amount)s") % {"amount": f"{most:,.0f}"}


def limit(of: Limit) -> str:
    """Both numbers of a limit."""
    if of.day is None and of.five_days is None:
        return _("no limit")
    return _("%(day)s a day, %(five_days)s in five business days") % _numbers(of)


def of_removal(before: Limit, after: Limit) -> str:
    """What removing an authenticator does."""
    if after == before:
        return _("Your withdrawal limits stay as they are: %(limit)s.") % {"limit": limit(before)}
    return _(
        "If you remove this your daily limit becomes %(day)s, and %(five_days)s in five business "
        "days."
    ) % _numbers(after)


def of_adding(before: Limit, after: Limit) -> str:
    """What adding an authenticator does, beside the numbers of its method."""
    if after == before:
        return _("Your limits would stay as they are.")
    return _("It would raise your limits to these.")


def _numbers(of: Limit) -> dict[str, str]:
    return {"day": amount(of.day), "five_days": amount(of.five_days)}
