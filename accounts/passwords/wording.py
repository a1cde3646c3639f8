"""The sentences of the password page."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.challenges.wording import Problem, clock
from accounts.passwords.rules import Reason

# A password that is tried first is to be replaced whole; what it is made of says nothing more.
PATTERNS = frozenset({Reason.SEQUENCE, Reason.REPEAT, Reason.KEYBOARD})


def slow_down(until: datetime) -> Problem:
    """The sentence for a password that comes too soon after several wrong ones."""
    return Problem(
        "slow_down",
        _("Several passwords did not match. Please wait until %(until)s and try again.")
        % {"until": clock(until, seconds=True)},
        retry_after=max(1, int((until - timezone.now()).total_seconds()) + 1),
    )


def of_reason(reason: Reason) -> str:
    """Why a password is refused, and what to do instead."""
    return {
        Reason.TOO_SHORT: _(
            "Use at least %(least)s characters. Several words in a row are easiest."
        )
        % {"least": settings.PASSWORD_MIN},
        Reason.TOO_LONG: _("Use at most %(most)s characters.") % {"most": settings.PASSWORD_MAX},
        Reason.COMMON: _("This is one of the passwords that are tried first. Choose another."),
        Reason.SEQUENCE: _("Avoid rows such as 12345 or abcde."),
        Reason.REPEAT: _("Avoid the same characters again and again."),
        Reason.KEYBOARD: _("Avoid keys that lie next to each other, such as qwerty."),
        Reason.PERSONAL: _("Leave out your name, user name, e-mail address and telephone number."),
        Reason.BRAND: _("Leave out our name, or add more words of your own."),
    }[reason]


def of_reasons(reasons: Sequence[Reason]) -> list[str]:
    """One sentence for each reason that asks for something of its own."""
    implied = PATTERNS if Reason.COMMON in reasons else frozenset()
    return [of_reason(reason) for reason in reasons if reason not in implied]


def empty() -> str:
    return _("Enter a password.")


def advice() -> list[str]:
    """What is asked of a password, said before it is chosen."""
    return [
        ngettext(
            "At least %(least)s character; blanks and any letters may be used",
            "At least %(least)s characters; blanks and any letters may be used",
            settings.PASSWORD_MIN,
        )
        % {"least": settings.PASSWORD_MIN},
        _("Not a password that is common or was found in a breach"),
        _("Not your name, e-mail address or telephone number"),
    ]
