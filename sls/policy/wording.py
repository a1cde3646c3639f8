"""The sentences of a policy that other rooms show."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def day(on: date) -> str:
    """A day as it is written out: "1 March 2027"."""
    # Translators: a date format of Django, such as "Y年n月j日" in Japanese.
    return date_format(on, _("j F Y"))


def since(on: date) -> str:
    """Why nothing but a passkey is offered."""
    return _("Your account asks for a passkey since %(day)s.") % {"day": day(on)}
