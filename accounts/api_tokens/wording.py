"""Tokens, their scopes and their ends, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.api_tokens.models import ApiToken
from accounts.api_tokens.rules import LIVES, READING, Scope

SCOPES: dict[Scope, Promise] = {
    Scope.ACCOUNT: gettext_lazy("Read accounts, your role on them, and what is held"),
    Scope.ACTIVITY: gettext_lazy("Read the activity"),
    Scope.SECURITY: gettext_lazy("Read how sign-in is protected"),
    Scope.FREEZE: gettext_lazy("Freeze everything (this can only stop things)"),
    Scope.STOP: gettext_lazy("Stop all automation"),
}
LASTS: dict[str, Promise] = {
    "1h": gettext_lazy("1 hour"),
    "24h": gettext_lazy("24 hours"),
    "7d": gettext_lazy("7 days"),
    "30d": gettext_lazy("30 days"),
    "90d": gettext_lazy("90 days"),
}
ENDS: dict[str, Promise] = {
    "owner": gettext_lazy("Revoked by you"),
    "leaked": gettext_lazy("Revoked: somebody found it"),
    "frozen": gettext_lazy("Revoked: your account was frozen"),
}


def lasts() -> list[tuple[str, str]]:
    """The choices of how long a token lasts."""
    return [(code, str(LASTS[code])) for code in LIVES]


def scope(code: str) -> str:
    """A scope in words."""
    return str(SCOPES[Scope(code)])


def reads_only(row: ApiToken) -> bool:
    """Whether a token changes nothing."""
    return all(Scope(one) in READING for one in row.scopes)


def end(row: ApiToken) -> str:
    """Why a token is over."""
    return str(ENDS.get(row.revoked_why, _("Revoked"))) if row.revoked_at else _("Ended")


def handle(days: int | None) -> str:
    """The rule of the handle in words."""
    if days is None:
        return _("Never by itself")
    return ngettext(
        "After %(days)s day without a sign-in of yours",
        "After %(days)s days without a sign-in of yours",
        days,
    ) % {"days": days}


def too_many(most: int) -> str:
    """Why no further token is issued."""
    return _("You have %(most)s tokens. Revoke one before you issue another.") % {"most": most}
