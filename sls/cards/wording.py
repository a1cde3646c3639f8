"""The sentences about requesting, losing and returning a card."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.support import record
from sls.cards.rules import Refusal, Why
from sls.methods.dsc_plus.rules import Unfit


def amount(usd: object) -> str:
    """An amount of US dollars, "USD 500,000"."""
    return f"USD {usd:,}"


def of_refusal(refusal: Refusal) -> str:
    """Why it was not done, and what can be done instead."""
    telephone = {"telephone": record.current().telephone}
    return {
        Refusal.NOT_ELIGIBLE: _(
            "The card is for accounts of more than %(amount)s. A passkey or IB Key protects yours "
            "as well, at no cost."
        )
        % {"amount": amount(settings.CARD_THRESHOLD_USD)},
        Refusal.NO_ACCOUNT: _(
            "The card is requested by the owner of an account, and you own none. Ask the owner, or "
            "add a passkey."
        ),
        Refusal.ON_ITS_WAY: _("A card is on its way to you already. Activate it when it is there."),
        Refusal.ORDERED: _("You have requested a card already."),
        Refusal.CHANGED: _("The request was changed meanwhile. Read it again, then confirm it."),
        Refusal.GONE: _("There is nothing any more that could be done."),
        Refusal.NOT_LOST: _("This card is not reported as lost."),
        Refusal.GIVEN_UP: _(
            "This card cannot be used again: another one was requested in its place, or it was "
            "switched off. Call us if you are not sure: %(telephone)s."
        )
        % telephone,
        Refusal.OWN_NAME: _("That is the user name that you are signed in with."),
        Refusal.NO_CARD: _("That user name has no active security card that could be shared."),
        Refusal.ALREADY: _("That card serves this user name already."),
        Refusal.NOT_SAME_PERSON: _(
            "A card is shared between user names of one person only, and we cannot tell that both "
            "are yours. Call us: %(telephone)s."
        )
        % telephone,
        Refusal.TEMPORARY: _(
            "One of the two user names uses a temporary device. Share the card once that is over."
        ),
        Refusal.LESS_SECURE: _(
            "Less secure device: this user name has something stronger than the card, such as a "
            "passkey. Keep using that."
        ),
        Refusal.NOT_CONSENTED: _("That took too long. To be safe, nothing was shared."),
    }[refusal]


def of_unfit(unfit: Unfit) -> str:
    """Why a PIN is not taken."""
    return {
        Unfit.NOT_FOUR_DIGITS: _("A PIN has 4 digits."),
        Unfit.REPEATED: _("Choose a PIN whose digits do not repeat, unlike 0000 or 1212."),
        Unfit.RUN: _("Choose a PIN whose digits are not in a row, unlike 1234 or 9876."),
        Unfit.YEAR: _("Choose a PIN that does not look like a year: birthdays are tried first."),
        Unfit.PERSONAL: _(
            "Choose a PIN that is not part of your telephone numbers, account numbers or address."
        ),
    }[unfit]


def of_why(why: str) -> str:
    """A reason of a request or charge, in words; "" for a first card."""
    return {
        Why.FIRST: "",
        Why.BATTERY: _("Its battery is empty"),
        Why.DAMAGED: _("It is damaged"),
        Why.LOST: _("It is lost"),
        Why.STOLEN: _("It was stolen"),
        Why.NOT_RETURNED: _("It was not returned"),
        "issued": _("Sent to you"),
        "returned": _("Came back to us"),
        "cancelled": _("Never reached you"),
    }[why]
