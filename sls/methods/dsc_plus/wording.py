"""What is said of a card and of its answers."""

from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.challenges.rules import Outcome, Verdict
from accounts.challenges.wording import Problem


def no_card() -> Problem:
    return Problem("no_card", _("No card is on its way to you. Request one first."))


def spoken(verdict: Verdict, *, far_ahead: bool) -> Verdict:
    """The verdict in words that fit a card, where it is not right."""
    if verdict.is_ok:
        return verdict
    if verdict.outcome is Outcome.WRONG:
        said = _far_ahead() if far_ahead else _wrong(verdict.tries_left)
    else:
        said = {
            Outcome.USED: _("That response was used already. Start over with a new challenge."),
            Outcome.EXPIRED: _("That challenge has expired. Start over with a new one."),
            Outcome.NO_TRIES: _(
                "That is %(allowed)s responses that did not match. Start over with a new challenge."
            )
            % {"allowed": settings.CARD_TRIES},
            Outcome.DISABLED: _(
                "This card takes no more responses: it is switched off. Choose another way, or "
                "call us."
            ),
        }[verdict.outcome]
    return replace(verdict, said=said)


def _wrong(left: int) -> str:
    return ngettext(
        "That response does not match. Check the challenge and your PIN, and let the card make it "
        "anew. You can try %(left)s more time.",
        "That response does not match. Check the challenge and your PIN, and let the card make it "
        "anew. You can try %(left)s more times.",
        left,
    ) % {"left": left}


def _far_ahead() -> str:
    return _(
        "Your card was pressed many times without signing in. Let it answer the same challenge "
        "once more, and type that response."
    )
