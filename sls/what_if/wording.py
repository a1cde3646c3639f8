"""Losses, states and advice in words."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from sls.what_if.rules import Advice, Loss, Row, State


def loss(one: Loss) -> str:
    """The head of a row."""
    return {
        Loss.PHONE: _("Your phone"),
        Loss.SIM: _("Your SIM card or number"),
        Loss.COMPUTER: _("This computer"),
        Loss.CARD: _("Your security card"),
        Loss.CODES: _("Your printed backup codes"),
        Loss.KEY: _("Your security key"),
        Loss.EMAIL: _("Your e-mail"),
    }[one]


def taken(one: Loss) -> str:
    """What goes with it."""
    return {
        Loss.PHONE: _("With its SIM card, authenticator apps, and passkeys that are only there."),
        Loss.SIM: _("Stolen, broken, or moved to another card by a swindler."),
        Loss.COMPUTER: _("With passkeys that are only there."),
        Loss.CARD: _("Whoever finds it does not know its PIN. Report it as lost."),
        Loss.CODES: _("Or somebody else has them."),
        Loss.KEY: _("With the passkeys on it."),
        Loss.EMAIL: _("You sign in as before, but our alerts do not reach you."),
    }[one]


def verdict(row: Row) -> str:
    """How long it takes to get in."""
    if row.opens:
        return _("At once")
    if row.waits:
        hours = _("After %(hours)s hours, by your e-mail and password")
        return hours % {"hours": settings.RECOVERY_WAIT_HOURS}
    return _("A few days, through support")


def state(one: State) -> str:
    """What a method does after the loss."""
    return {
        State.OPENS: _("Opens"),
        State.LOST: _("Lost with it"),
        State.BARRED: _("Too weak"),
    }[one]


def advice(of: Advice, labels: Mapping[str, str]) -> str:
    """The one thing to do, and against what."""
    if not of.method:
        return _("Please call us: there is nothing that you could add against this yourself.")
    return {
        Loss.PHONE: _("Without your phone you could not sign in for days. Add this: %(method)s."),
        Loss.SIM: _("Without your number you could not sign in for days. Add this: %(method)s."),
        Loss.COMPUTER: _(
            "Without this computer you could not sign in for days. Add this: %(method)s."
        ),
        Loss.CARD: _("Without your card you could not sign in for days. Add this: %(method)s."),
        Loss.CODES: _("Without your codes you could not sign in for days. Add this: %(method)s."),
        Loss.KEY: _(
            "Without your security key you could not sign in for days. Add this: %(method)s."
        ),
        Loss.EMAIL: _("You could not sign in for days. Add this: %(method)s."),
    }[of.loss] % {"method": labels[of.method]}
