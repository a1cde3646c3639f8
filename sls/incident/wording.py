"""The sentences of the way back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.challenges.wording import Problem
from accounts.passwords.proof import Proof
from sls.incident.models import Step, What
from sls.incident.rules import Gap
from sls.login import wording as login
from sls.methods import registry
from sls.recovery.wording import outside

__all__ = ["outside"]


def of_proof(proof: Proof) -> Problem:
    """The sentence for a password that did not open; the same whether the name is frozen or not."""
    return no_match() if proof.barred is None else login.of_proof(proof)


def no_match() -> Problem:
    """One sentence for everything: no such name, a wrong password, nothing stopped."""
    text = _(
        "That user name and password do not match, or nothing is stopped for this user name. "
        "Check both, or call us."
    )
    return Problem("no_match", text)


def not_yet() -> Problem:
    return Problem("not_yet", _("Please finish the steps before. Nothing was asked for yet."))


def unanswered() -> str:
    return _("Please say of each whether it is yours.")


def no_cause() -> str:
    return _("Choose at least one answer; “I do not know” is one.")


def stays(name: str, why: str) -> str:
    """An authenticator or contact that could not be removed here."""
    return _("%(name)s could not be removed here. %(why)s") % {"name": name, "why": why}


def only_one() -> str:
    """Why the only contact of its kind stays."""
    return _("It is the only one of its kind on file. Call us, and we replace it together.")


def step(one: Step) -> str:
    """A line of the receipt: what was done, and to what."""
    label = str(What(one.what).label)
    return f"{label}: {_about(one)}" if one.about else label


def _about(one: Step) -> str:
    is_method = one.what in (What.ENTERED, What.DEVICE_ADDED, What.DEVICE_REMOVED)
    return str(registry.get(one.about).label) if is_method else one.about


@dataclass(frozen=True, slots=True)
class Told:
    """A gap in words. ``add`` is the method that closes it here and now, ``place`` the name of the
    address where it is closed once everything goes on, "" where nothing on our pages closes it."""

    gap: Gap
    text: str
    action: str
    add: str = ""
    place: str = ""


def gaps(found: Sequence[Gap]) -> list[Told]:
    """What is open, and the one thing to do about each."""
    told = _gaps()
    return [told[gap] for gap in found]


def _gaps() -> dict[Gap, Told]:
    add_passkey = _("Add a passkey now")
    return {
        one.gap: one
        for one in (
            Told(
                Gap.NO_OWN,
                _("You can sign in by text message or call only. A number can be taken over."),
                add_passkey,
                add="passkey",
            ),
            Told(
                Gap.NO_PASSKEY,
                _("Your codes can be passed on by a fake page. A passkey cannot."),
                add_passkey,
                add="passkey",
            ),
            Told(
                Gap.ONE_ALONE,
                _("One passkey alone is lost with its device. Add a second one elsewhere."),
                _("Add another passkey now"),
                add="passkey",
            ),
            Told(
                Gap.NO_CODES,
                _("You have no backup codes for the day on which you lose a device."),
                _("Make backup codes now"),
                add="backup_codes",
            ),
            Told(
                Gap.SMS_ON,
                _("Text messages still sign you in, though you have something stronger."),
                _("Switch them off under Security, Secure Login System"),
                place="devices",
            ),
            Told(
                Gap.ONE_EMAIL,
                _("Alerts reach one e-mail address only. Whoever gets into it hides them."),
                _("Add a second address under Communication"),
                place="emails",
            ),
            Told(
                Gap.ONE_PHONE,
                _("You have one telephone number or none. If it is moved, nothing else rings."),
                _("Add a second number under Communication"),
                place="phones",
            ),
            Told(
                Gap.NO_LIST,
                _("Your user name can be used from every address in the world."),
                _("Restrict addresses under Security, IP restrictions"),
                place="ip_restrictions",
            ),
            Told(
                Gap.SHARED_ACCESS,
                _("Other people may act on your accounts. Look whether each still should."),
                _("Look through them under Account, Users"),
                place="account_users",
            ),
            Told(
                Gap.KNOWN_ALSO,
                _("The old password may be known. Wherever else you used it, it is known there."),
                _("Change it there today, your e-mail first"),
            ),
        )
    }
