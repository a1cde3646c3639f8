"""Ceilings in words."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.ceilings.rules import Kind

NAMES: dict[Kind, Promise] = {
    Kind.ORDER: gettext_lazy("The most that an order may be worth"),
    Kind.POSITION: gettext_lazy("The largest position in one symbol"),
    Kind.MARGIN: gettext_lazy("The greatest use of margin"),
}


def amount(kind: Kind, value: Decimal | None) -> str:
    """ "USD 50,000.00", "40 %", "No ceiling"."""
    if value is None:
        return _("No ceiling")
    if kind is Kind.MARGIN:
        return f"{number_format(value.normalize())} %"
    return _("USD %(amount)s") % {"amount": number_format(value, 2, force_grouping=True)}


def of_detail(detail: dict) -> str:
    """What an entry says of a ceiling: which, and how much; "" where it is about none."""
    if "ceiling" not in detail:
        return ""
    kind = Kind(detail["ceiling"])
    value = Decimal(detail["amount"]) if detail["amount"] else None
    return f"{NAMES[kind]}: {amount(kind, value)}"
