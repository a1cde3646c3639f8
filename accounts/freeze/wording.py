"""What stops and what goes on, in words (UX R44), and why a link stops nothing any more."""

from django.utils.translation import gettext as _

from accounts.freeze.links import Over
from accounts.freeze.models import Trading


def stops() -> list[str]:
    """What a freeze stops at once, whatever is chosen for the trading."""
    return [
        _("Every session of yours ends, on every device and platform, this one too."),
        _("Nobody signs in with your user name, whatever they hold or know."),
        _("API tokens are revoked, and browsers that we know are forgotten."),
        _("Codes, sign-ins and changes that are under way are worth nothing any more."),
        _("Withdrawals, bank instructions and settings are held."),
    ]


def goes_on() -> list[str]:
    """What a freeze leaves as it is."""
    return [
        _("Your positions, your cash and your statements stay as they are."),
        _("Your password, authenticators and contacts stay, until you change them yourself."),
        _("Orders that are already at the market are not cancelled. Call us for that."),
        _("Deposits and dividends arrive, and margin rules go on."),
        _("We go on writing to all your addresses."),
    ]


def trading() -> list[dict[str, str]]:
    """The choices for the trading: ``value``, ``name`` and what it means (``more``)."""
    return [
        {
            "value": Trading.CLOSE_ONLY.value,
            "name": _("Only closing"),
            "more": _("Nobody opens a position. By telephone, you can still close yours."),
        },
        {
            "value": Trading.NONE.value,
            "name": _("No trading at all"),
            "more": _("No order of any kind, from anybody, before you let it go on again."),
        },
        {
            "value": Trading.NOTHING.value,
            "name": _("Trading goes on"),
            "more": _("By telephone, and for other users of your accounts, as before."),
        },
    ]


def of_trading(value: str) -> str:
    """The choice that was made, in one sentence."""
    return {
        Trading.NOTHING: _("Trading goes on, by telephone and for other users of the accounts."),
        Trading.CLOSE_ONLY: _("Positions may only be closed."),
        Trading.NONE: _("There is no trading at all."),
    }[Trading(value)]


def of_over(over: Over) -> str:
    """Why a link stops nothing any more."""
    return {
        Over.OLD: _("The mail with this link is too old for it to work."),
        Over.BACK: _(
            "This link is from before you came back in. Mails that we sent since have newer ones."
        ),
        Over.GONE: _("The address that the mail went to is not one of yours any more."),
    }[over]
