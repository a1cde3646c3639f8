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
MONTH, CENTURY = 30 * 86_400, 100 * 365 * 86_400  # seconds
MONTHS_FROM, DAYS_OF_MONTH = 60, 30  # days


def tries_left(left: int | None) -> str:
    """How many more wrong passwords pause the user name, once they are few; with a blank in front,
    to stand behind another sentence."""
    if not left:
        return ""
    text = ngettext(
        "After %(left)s more that does not match, this user name is paused for a while.",
        "After %(left)s more that do not match, this user name is paused for a while.",
        left,
    )
    return " " + text % {"left": left}


def slow_down(until: datetime, *, left: int | None = None) -> Problem:
    """The sentence for a password that comes too soon after several wrong ones."""
    text = _("Several passwords did not match. Please wait until %(until)s and try again.")
    return Problem(
        "slow_down",
        text % {"until": clock(until, seconds=True)} + tries_left(left),
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
        Reason.UNWRITTEN: _("Leave out signs that a keyboard cannot write."),
        Reason.COMMON: _("This is one of the passwords that are tried first. Choose another."),
        Reason.SEQUENCE: _("Avoid rows such as 12345 or abcde."),
        Reason.REPEAT: _("Avoid the same characters again and again."),
        Reason.KEYBOARD: _("Avoid keys that lie next to each other, such as qwerty."),
        Reason.PERSONAL: _("Leave out your name, user name, e-mail address and telephone number."),
        Reason.BRAND: _("Leave out our name, or add more words of your own."),
        Reason.PAST: _("You have used this password before. Choose a new one."),
    }[reason]


def of_reasons(reasons: Sequence[Reason]) -> list[str]:
    """One sentence for each reason that asks for something of its own."""
    implied = PATTERNS if Reason.COMMON in reasons else frozenset()
    return [of_reason(reason) for reason in reasons if reason not in implied]


def changed_meanwhile() -> str:
    return _("Your password was changed a moment ago in another place. Nothing was changed here.")


def guessed_in(seconds: float) -> str:
    """How good a password is that may be taken."""
    if seconds < MONTH:
        return _(
            "It may be used, but a fast computer could find it within a month. One more word helps."
        )
    if seconds < CENTURY:
        return _("Good. A fast computer would need a long time to find it.")
    return _("Very good. A fast computer would need centuries to find it.")


def set_on(at: datetime | None) -> str:
    """Since when a password has been in use, as one says it."""
    if at is None:
        return _("It is set.")
    days = (timezone.localdate() - timezone.localdate(at)).days
    if days < 1:
        return _("Changed today")
    if days < MONTHS_FROM:
        return ngettext("Changed %(days)s day ago", "Changed %(days)s days ago", days) % {
            "days": days
        }
    months = days // DAYS_OF_MONTH
    return ngettext("Changed %(months)s month ago", "Changed %(months)s months ago", months) % {
        "months": months
    }


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
