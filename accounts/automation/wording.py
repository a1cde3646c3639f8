"""Rules for automation in words."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.automation.models import Watch
from accounts.automation.rules import Does, Kind

DOES: dict[Does, Promise] = {
    Does.TELL: gettext_lazy("Tell me"),
    Does.STOP: gettext_lazy("Tell me, and stop all automation"),
}


def rule(kind: str, most: Decimal | None) -> str:
    """When a rule is met."""
    if kind == Kind.BANK:
        return _("A new bank instruction appears")
    if kind == Kind.ORDER:
        return _("An order above %(amount)s comes from a program") % {"amount": _usd(most)}
    return _("A program makes more than %(calls)s calls a minute") % {
        "calls": number_format(most, 0, force_grouping=True)
    }


def of(watch: Watch) -> str:
    """When ``watch`` is met."""
    return rule(watch.kind, watch.most)


def _usd(amount: Decimal | None) -> str:
    return _("USD %(amount)s") % {"amount": number_format(amount, 2, force_grouping=True)}


def of_detail(detail: dict) -> str:
    """What an entry says of a rule, and of what met it; "" where it is about none."""
    if "rule" not in detail:
        return ""
    kind = detail["rule"]
    said = rule(kind, Decimal(detail["most"]) if detail["most"] else None)
    if not detail.get("seen"):
        return f"{said} – {DOES[Does(detail['does'])]}"
    much = _usd(Decimal(detail["seen"])) if kind == Kind.ORDER else detail["seen"]
    return f"{said}: " + ", ".join(one for one in (much, detail["source"]) if one)
