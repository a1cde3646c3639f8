"""What is said of a phone and of its answers."""

from dataclasses import replace

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.challenges.models import Purpose
from accounts.challenges.rules import Outcome, Verdict
from accounts.challenges.wording import Problem
from sls.methods.ib_key.rules import State

ACTIONS: dict[str, Promise] = {
    Purpose.SIGN_IN: gettext_lazy("Sign in"),
    Purpose.STEP_UP: gettext_lazy("Verify your identity for a change"),
    Purpose.TEST: gettext_lazy("Test of your authenticator"),
    Purpose.DOOR: gettext_lazy("Sign in through the emergency door"),
    Purpose.RECOVERY: gettext_lazy("Come back into your account"),
    Purpose.UNLOCK: gettext_lazy("Lift the pause of your sign-in"),
    Purpose.SCREEN: gettext_lazy("Unlock your session"),
    Purpose.CALLER: gettext_lazy("Prove to our staff on the telephone that it is you"),
    Purpose.THAW: gettext_lazy("Come back after you stopped everything"),
    Purpose.SHARING: gettext_lazy("Share a security card"),
    Purpose.PIN: gettext_lazy("Change a PIN"),
}
STATES: dict[str, Promise] = {
    State.WAITING: gettext_lazy("Not approved on your phone yet."),
    State.REFUSED: gettext_lazy("It was refused on your phone."),
    State.WRONG: gettext_lazy("Other digits were typed on your phone. Ask it again."),
    State.SUPERSEDED: gettext_lazy("A newer request took its place on your phone."),
    State.EXPIRED: gettext_lazy("The request on your phone has expired. Ask it again."),
    State.USED: gettext_lazy("That approval was used already."),
}


def on_the_phone() -> Problem:
    return Problem("on_the_phone", _("IB Key is activated on your phone."))


def in_the_portal() -> str:
    """To somebody whom no code by SMS may prove."""
    return _("Sign in to the portal, and activate IB Key there by its QR code or session ID.")


def not_approved(state: State | None) -> Problem:
    """Why an approval that the page posted is none."""
    return Problem("not_approved", str(STATES.get(state or State.WAITING, STATES[State.WAITING])))


def spoken(verdict: Verdict) -> Verdict:
    """The verdict in words that fit a phone, where it is not right."""
    if verdict.is_ok:
        return verdict
    if verdict.outcome is Outcome.WRONG:
        said = ngettext(
            "That response does not match. Check the challenge, and your PIN if you have one. You "
            "can try %(left)s more time.",
            "That response does not match. Check the challenge, and your PIN if you have one. You "
            "can try %(left)s more times.",
            verdict.tries_left,
        ) % {"left": verdict.tries_left}
    else:
        said = {
            Outcome.USED: _("That response was used already. Start over with a new challenge."),
            Outcome.EXPIRED: _("That challenge has expired. Start over with a new one."),
            Outcome.NO_TRIES: _(
                "That is %(allowed)s responses that did not match. Start over with a new challenge."
            )
            % {"allowed": settings.IB_KEY_TRIES},
            Outcome.DISABLED: _(
                "IB Key takes no more responses: it is suspended. Choose another way, or activate "
                "it again on your phone."
            ),
        }[verdict.outcome]
    return replace(verdict, said=said)
