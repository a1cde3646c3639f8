"""Acts of our support in words; staff and clients read the same."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.approvals.rules import Bar

ACTS: dict[str, Promise] = {
    "unlock": _("Lift the pause of sign-in"),
    "end_sessions": _("End all sessions"),
    "resend": _("Send the security code again"),
    "mark_number": _("Note how a number can be reached"),
    "suspend": _("Suspend an authenticator"),
    "unblock": _("Allow an authenticator again"),
    "revoke": _("Remove an authenticator"),
    "passcode": _("Send a temporary passcode"),
    "resend_passcode": _("Send the temporary passcode again"),
    "withdraw_passcode": _("Withdraw the temporary passcode"),
    "card_aside": _("Set a security card aside"),
    "card_back": _("Put a security card back"),
    "card_send": _("Send a security card"),
    "card_received": _("Confirm that a security card came back"),
    "card_lost": _("Note that a security card is lost"),
    "card_replace": _("Replace a security card"),
    "card_charge": _("Charge for a security card"),
    "card_pin": _("Reset the PIN of a security card"),
    "below_threshold": _("Allow a security card whatever the equity"),
    "sharing": _("Decide about a shared security card"),
    "opt_in": _("Opt back in to the Secure Login System"),
    "ip_rule": _("Remove IP restrictions"),
    "hold": _("Hold withdrawals or trading"),
    "lift_hold": _("Lift a hold"),
    "freeze": _("Stop everything"),
    "thaw": _("Let everything go on again"),
    "contact": _("Correct contact data"),
    "close": _("Close the user name"),
    "numbers": _("Change the call-back numbers"),
    "roles": _("Change roles in the support console"),
    "hook_add": _("Add a webhook"),
    "hook_key": _("Add a key to a webhook"),
    "hook_widen": _("Let a webhook take more events"),
}

BARS: dict[Bar, Promise] = {
    Bar.OWN: _("You asked for this yourself. Another person decides."),
    Bar.ENDED: _("It was decided, or nobody decided in time."),
    Bar.NOT_YOURS: _("You cannot decide about this."),
}


def act(code: str) -> str:
    """The act in words; one that this version does not know is told by its stored name."""
    return str(ACTS.get(code, code))
