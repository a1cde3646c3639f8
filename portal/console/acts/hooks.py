"""The acts about webhooks that take two persons: whatever lets more out of the house.

Whoever could do them alone could have the events of every client told to a receiver of their own.
"""

from typing import Any

from django.utils.translation import gettext as _

from accounts.outbox.hooks import services, wording
from portal.console.acts.base import CannotAct, Doing


def add(doing: Doing) -> str:
    """The endpoint is there, and takes events from now on."""
    try:
        services.add(**doing.values, **_why(doing), shown_to=doing.staff.pk)
    except services.TooMany:
        raise CannotAct(_("There are as many endpoints as there may be.")) from None
    except services.BadAddress as bad:
        raise CannotAct(str(wording.BAD[bad.why])) from None
    return _("The webhook is added. Whoever asked for it sees its secret, once.")


def add_key(doing: Doing) -> str:
    """A second key signs from now on, beside the first."""
    try:
        services.add_key(**doing.values, **_why(doing), shown_to=doing.staff.pk)
    except services.TooMany:
        raise CannotAct(_("There are two keys already. Remove the older one first.")) from None
    return _("The key is added. Whoever asked for it sees its secret, once.")


def widen(doing: Doing) -> str:
    """It takes these events from now on."""
    try:
        changed = services.choose(**doing.values, **_why(doing))
    except services.TooMany:
        raise CannotAct(_("There are as many endpoints as there may be.")) from None
    return _("Saved.") if changed else _("Nothing was changed.")


def _why(doing: Doing) -> dict[str, Any]:
    return {"origin": doing.origin, "reason": doing.reason, "ticket": doing.ticket}
