"""The sentences of lifting a lock. Up to the right code, none depends on whether there is such a
name."""

from django.utils.translation import gettext as _

from accounts.challenges.wording import Problem


def no_match() -> Problem:
    return Problem(
        "wrong",
        _("That code does not match, or its time is over. Use the code of the latest e-mail."),
    )


def no_tries() -> Problem:
    return Problem("no_tries", _("No more codes are accepted here. Please start again."))


def no_own() -> Problem:
    """Only whoever reads the mail of the owner gets to know this."""
    return Problem(
        "no_own",
        _(
            "Your e-mail is confirmed. Lifting the pause also takes an authenticator app, a "
            "security card or a passkey, and there is none to ask for now. Please call us."
        ),
    )
