"""Roles of the console in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.console.rules import Role

ROLES: dict[Role, Promise] = {
    Role.AGENT: _("Support agent"),
    Role.LEAD: _("Support lead"),
    Role.OFFICER: _("Security officer"),
    Role.CARDS: _("Card logistics"),
    Role.AUDITOR: _("Auditor"),
}

# What was tried, by ``refusals.Why``: the rest of a sentence.
REFUSED: dict[str, Promise] = {
    "power": _("their role does not open it"),
    "own": _("it was about themselves, or asked for by themselves"),
    "place": _("it came from an address where staff do not work"),
}
