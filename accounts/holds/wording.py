"""The sentences about holds."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.challenges.wording import moment
from accounts.holds.models import Hold, What, Why

WHAT: dict[What, Promise] = {
    What.WITHDRAWALS: _("Withdrawals"),
    What.BANK: _("Bank instructions"),
    What.SETTINGS: _("Settings"),
    What.OPENING: _("Orders that open a position"),
    What.TRADING: _("Trading"),
}

_WAITS: dict[Why, Promise] = {
    Why.AUTHENTICATOR: _("Wait until %(until)s, because one of your authenticators changed."),
    Why.EMAIL: _("Wait until %(until)s, because one of your e-mail addresses changed."),
    Why.PHONE: _("Wait until %(until)s, because one of your telephone numbers changed."),
    Why.PASSWORD: _("Wait until %(until)s, because your password changed."),
    Why.SIM: _("Wait until %(until)s, because a telephone number of yours got a new SIM card."),
    Why.TRANSACTION: _("Wait until you have told us whether a transaction was yours."),
    Why.SUPPORT: _("Wait until %(until)s, because our support holds it."),
    Why.FROZEN: _("Wait until you let everything go on again, because you stopped everything."),
}


def of_other(account: str) -> str:
    """What another user of the account has to answer first."""
    text = _("Wait until the owner of %(account)s has told us whether a transaction was theirs.")
    return str(text) % {"account": account}


def told(hold: Hold, user_id: int) -> str:
    """The sentence for that user."""
    is_mine = hold.user_id == user_id
    return waits(hold.why, hold.until) if is_mine else of_other(hold.account)


def waits(why: str, until: datetime | None) -> str:
    """Until when, in the reader's zone, which is named, and why."""
    return str(_WAITS[Why(why)]) % {"until": moment(until) if until else ""}
