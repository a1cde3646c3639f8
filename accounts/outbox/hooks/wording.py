"""Endpoints and what was posted to them, in words for staff."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.outbox.hooks.rules import Bad

TYPES: dict[str, Promise] = {
    "session.ended": _("Sessions ended"),
    "account.frozen": _("Everything stopped"),
    "account.thawed": _("Everything goes on again"),
    "device.removed": _("Authenticator removed"),
    "contact.changed": _("E-mail address or number changed"),
    "test": _("Test"),
}

BAD: dict[Bad, Promise] = {
    Bad.SHAPE: _("This is no address. It looks like https://hooks.example.com/portal."),
    Bad.SCHEME: _("The address has to begin with https://."),
    Bad.CREDENTIALS: _("An address may hold no user name and no password."),
    Bad.FRAGMENT: _("Leave out what follows the #."),
    Bad.INSIDE: _("The address leads into a network of its own. It has to be a public one."),
}

# Why a post was not taken, by the detail of its message.
CAUSES: dict[str, Promise] = {
    "timeout": _("No answer in time"),
    "connect": _("No connection"),
    "dns": _("Its name was not found"),
    "tls": _("Its certificate is not trusted"),
    "protocol": _("No answer that can be read"),
    "address": _("Its name leads into a network of its own"),
    "redirect": _("It sends elsewhere, which is not followed"),
    "refused": _("It does not take it"),
    "gone": _("It says that it is gone"),
    "off": _("The endpoint is switched off"),
    "expired": _("Not taken before its time was over"),
    "busy": _("Not taken after all tries"),
}


def type_label(code: str) -> str:
    """A type of event; one that this version does not know is told by its name."""
    return str(TYPES.get(code, code))


def cause(detail: str) -> str:
    """Why a post was not taken, "" where there is nothing to say."""
    return str(CAUSES.get(detail, ""))
