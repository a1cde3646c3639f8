"""What is said where a session is locked."""

from django.utils.translation import gettext as _

from accounts.challenges.wording import Problem, moment
from accounts.lockout.rules import Standing
from accounts.passwords.wording import slow_down


def nothing_typed() -> Problem:
    return Problem("empty", _("Enter your password."))


def wrong_password() -> Problem:
    return Problem("wrong", _("That password does not match. Check it and try again."))


def barred(standing: Standing) -> Problem:
    """For a password that is not compared at present."""
    if not standing.locked:
        return slow_down(standing.until)
    text = _(
        "Several passwords did not match, so no more are accepted until %(until)s. "
        "Use a passkey, or log off."
    )
    return Problem("locked", text % {"until": moment(standing.until)})


def another_passkey() -> Problem:
    return Problem("other", _("That passkey does not open this session. Use one of your own."))
