"""How a flagged transaction stands, in words."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.transactions.models import Transaction
from accounts.transactions.rules import Silent, State

TONES = {
    State.WAITING: "warning",
    State.UNANSWERED: "warning",
    State.NOT_MINE: "danger",
    State.MINE: "good",
    State.RELEASED: "good",
}


def money(made: Transaction) -> str:
    """Currency and amount, as the language writes numbers."""
    return f"{made.currency} {number_format(made.amount, 2, force_grouping=True)}"


def of_state(state: State) -> str:
    """One or two words."""
    return {
        State.WAITING: _("Waiting for your answer"),
        State.UNANSWERED: _("Not answered"),
        State.MINE: _("It is yours"),
        State.NOT_MINE: _("It is not yours"),
        State.RELEASED: _("Released"),
    }[state]


def to_staff(state: State) -> str:
    """One or two words, as staff read them."""
    return {
        State.WAITING: _("Waiting for the client"),
        State.UNANSWERED: _("No answer in time"),
        State.MINE: _("Client: mine"),
        State.NOT_MINE: _("Client: not mine"),
        State.RELEASED: _("Released"),
    }[state]


def of_silence(why: Silent) -> str:
    """Why the client is not called, as staff read it."""
    return {
        Silent.ANSWERED: _("It takes no answer any more."),
        Silent.NO_NUMBER: _(
            "The client has no number that may be asked: verified, a few days old, and without a "
            "new SIM card. Talk to them instead."
        ),
        Silent.CALLING: _("A call is under way. Wait for its end."),
        Silent.TOO_OFTEN: _("The client was called three times in the last hour. Wait."),
    }[why]


def says(state: State) -> str:
    """What it means, in a sentence."""
    return {
        State.WAITING: _("It is held, and withdrawals wait, until you have said whose it is."),
        State.UNANSWERED: _(
            "You did not answer in time, so it is still held. If it is yours, call us. If it is "
            "not, say so below."
        ),
        State.MINE: _("You said that it is yours. It goes on."),
        State.NOT_MINE: _("You said that it is not yours. It stays held, and we look at it."),
        State.RELEASED: _("Our staff released it after speaking to you."),
    }[state]
