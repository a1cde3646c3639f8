"""The sentences about lists of addresses."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.ip_restrictions.networks import Refused, Unfit
from accounts.ip_restrictions.rules import LABEL_MAX, Decision, Refusal


def unfit(refused: Refused) -> str:
    """Why what was typed is no entry."""
    return {
        Unfit.EMPTY: _("Enter an address, for example 203.0.113.7."),
        Unfit.NOT_PLAIN: _(
            "That has characters no address has. Type plain digits, letters a to f, dots and "
            "colons."
        ),
        Unfit.WILDCARD: _(
            "Stars do not work here. For a whole network write its size, as in 203.0.113.0/24."
        ),
        Unfit.ZONE: _(
            "A percent sign names a part of your own computer. Leave it and what follows out."
        ),
        Unfit.NOT_AN_ADDRESS: _(
            "That is not an internet address. It looks like 203.0.113.7, 2001:db8::7 or "
            "203.0.113.0/24."
        ),
        Unfit.PREFIX: _(
            "The number after / is the size of the network: up to 32 for IPv4, up to 128 for IPv6."
        ),
        Unfit.EVERYWHERE: _("A network of size 0 is every address, and would restrict nothing."),
        Unfit.WIDE: _(
            "That network is too large to protect anything. The largest are /8 for IPv4 and /16 "
            "for IPv6."
        ),
        Unfit.HOST_BITS: _(
            "That is an address within a network. For the whole network write %(meant)s; for the "
            "one address leave out the / and what follows."
        )
        % {"meant": refused.meant},
        Unfit.NAT64: _(
            "That address is made by a translator of your network (NAT64), and the portal sees "
            "another one. Use the IPv4 address behind it."
        ),
        Unfit.SIX_TO_FOUR: _(
            "That is an address of the old 6to4 tunnels, which anybody can make up. Use your own "
            "IPv4 or IPv6 address."
        ),
        Unfit.PRIVATE: _(
            "That is an address within a home or office. The portal sees the public address of "
            "your connection; use that one."
        ),
        Unfit.NOBODY: _("Nobody connects from that address. Use the address of your connection."),
    }[refused.why]


def refusal(why: Refusal, *, address: str = "") -> str:
    """Why a change is not made. ``address`` is the reader's own."""
    return {
        Refusal.DUPLICATE: _("That is on the list already."),
        Refusal.FULL: _("The list is full. Remove an entry to add another."),
        Refusal.NO_BROWSER: _("Choose one of the browsers below."),
        Refusal.LABEL: _("A label has up to %(most)s letters.") % {"most": LABEL_MAX},
        Refusal.PLATFORM: _("Choose one of the platforms."),
        Refusal.NOTHING_DRAFTED: _("There is nothing to put in force. Add an address first."),
        Refusal.ON_TRIAL: _("A change is on trial. Confirm it or take it back first."),
        Refusal.NOT_ON_TRIAL: _("Nothing is on trial any more."),
        Refusal.TYPE_ADDRESS: _(
            "This would shut you out where you are. If you want that, type your present address, "
            "%(address)s."
        )
        % {"address": address},
        Refusal.OLD_SESSION: _(
            "You were signed in before the change, so this proves nothing. Sign in once more, in a "
            "private window or on another device, and confirm there."
        ),
        Refusal.NOT_FROM_LIST: _(
            "You are here by the emergency door. Confirm from an address that is on the list."
        ),
        Refusal.GONE: _("That entry has changed in the meantime. Look at the list again."),
    }[why]


def missed(why: Decision) -> str:
    """Why a sign-in would not have passed."""
    return {
        Decision.ADDRESS: _("address not on the list"),
        Decision.BROWSER: _("browser not on the list"),
    }[why]


def delay() -> str:
    """ "24 hours"."""
    return _("%(hours)s hours") % {"hours": settings.RESTRICTION_DELAY_HOURS}
