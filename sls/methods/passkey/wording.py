"""What is said of an answer that was not taken."""

from dataclasses import replace

from django.utils.translation import gettext as _

from accounts.challenges.rules import Outcome, Verdict
from accounts.challenges.wording import Problem
from sls.methods.passkey.rules import Flaw


def nothing_sent() -> Problem:
    return Problem("empty", _("Press the button and use your passkey, or choose another way."))


def not_a_passkey() -> Problem:
    return Problem("unreadable", of_flaw(Flaw.UNREADABLE))


def over() -> Problem:
    """For an answer to a question that is not open in this browser."""
    return Problem("expired", _("That took too long. Please use your passkey again."))


def not_signed_in() -> Problem:
    """For a passkey alone that opened nothing: the same whatever the reason."""
    text = _("That passkey could not sign you in. Sign in with your user name and password.")
    return Problem("unknown_passkey", text)


def spoken(verdict: Verdict, flaw: Flaw | None) -> Verdict:
    """The verdict in words that fit a passkey, where it is not right."""
    if verdict.is_ok:
        return verdict
    said = {
        Outcome.USED: _("That answer was used already. Please start again."),
        Outcome.EXPIRED: _("That took too long. Please start again."),
        Outcome.NO_TRIES: _("Several answers could not be verified. Please start again."),
        Outcome.DISABLED: _(
            "This passkey is switched off after several answers that could not be verified. "
            "Please call us."
        ),
    }.get(verdict.outcome)
    return replace(verdict, said=said or of_flaw(flaw))


def of_flaw(flaw: Flaw) -> str:
    """The sentence for one reason."""
    elsewhere = _(
        "That answer was made for another address. Check the address bar, and call us if it "
        "shows anything else than ours."
    )
    doubtful = _("That passkey could not be verified. Please try again, or choose another way.")
    return {
        Flaw.UNREADABLE: _(
            "Your browser sent no passkey that can be read. Please try again, or choose another "
            "way."
        ),
        Flaw.CHALLENGE: _("That answer belongs to another request. Please try again."),
        Flaw.ORIGIN: elsewhere,
        Flaw.ADDRESS: elsewhere,
        Flaw.PRESENCE: _("Your device did not ask you. Please try again, and touch it when asked."),
        Flaw.VERIFICATION: _(
            "Your device did not check that it is you. Please try again with its fingerprint, "
            "face or PIN."
        ),
        Flaw.SYNCED: _(
            "That passkey would be copied to its maker's cloud. Here a passkey has to stay on one "
            "device, such as a security key."
        ),
        Flaw.ALGORITHM: _("That device makes a kind of key that is not accepted. Use another one."),
        Flaw.ATTESTATION: _("That device sent more than it was asked for. Use another one."),
        Flaw.TAKEN: _("That passkey is in use already."),
        Flaw.OTHER: _("That is another passkey than the one that was asked for."),
        Flaw.COUNTER: _(
            "That passkey was refused, because a copy of it may be in use. Remove it, or call us."
        ),
    }.get(flaw, doubtful)
