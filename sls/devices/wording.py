"""The sentences about authenticators."""

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.challenges.wording import Problem
from sls.devices.rules import MOST_OF_A_METHOD, Advice, Refusal
from sls.methods.rules import NAME_MAX, told_apart


def of_refusal(refusal: Refusal) -> str:
    """Why it was not done, and what can be done instead."""
    return {
        Refusal.GONE: _("That authenticator is not among yours any more."),
        Refusal.FULL: _(
            "You have as many of this kind as can be kept (%(most)s). Remove or replace one."
        )
        % {"most": MOST_OF_A_METHOD},
        Refusal.HAS_SET: _("You have a set of them already. Make new ones in its place."),
        Refusal.LAST: _(
            "This is the last authenticator that you can sign in with, so it stays. Add another "
            "one first."
        ),
        Refusal.LAST_RESISTANT: _(
            "This is the last authenticator that a fake page cannot use, and your account "
            "requires one. Add another passkey first."
        ),
        Refusal.ONLY_TELEPHONE: _(
            "Text messages are your only way to sign in, so they stay on. Add a passkey or an "
            "authenticator app first."
        ),
        Refusal.NO_NAME: _("Enter a name."),
        Refusal.LONG_NAME: _("That name is too long. It can have %(most)s characters.")
        % {"most": NAME_MAX},
        Refusal.BAD_NAME: _("That name has characters that cannot be shown. Type it again."),
        Refusal.SAME_NAME: _(
            "Another of your authenticators has that name. Choose one that tells them apart."
        ),
    }[refusal]


def problem(refusal: Refusal) -> Problem:
    """The same for a page that says why something was not accepted."""
    return Problem(refusal.value, of_refusal(refusal))


def default_name(kind: str, at: datetime, *, taken: Collection[str]) -> str:
    """What an authenticator is called until its owner says otherwise, told apart from ``taken``."""
    # Translators: a date format of Django: the month in which an authenticator was added.
    month = date_format(timezone.localtime(at), _("F Y"))
    return told_apart(_("%(kind)s, %(month)s") % {"kind": kind, "month": month}, taken)


def of_advice(advice: Advice) -> str:
    """The one thing worth doing next, and why."""
    return {
        Advice.NOTHING_STRONG: _(
            "You sign in by text message only. Add a passkey: nobody can take it over with your "
            "telephone number, and it works without a signal."
        ),
        Advice.CARD_WITHOUT_PHONE: _(
            "You sign in with a security card. Add IB Key on your phone: the card stays, and you "
            "are not shut out when you forget or lose it."
        ),
        Advice.ONE_ALONE: _(
            "You have one strong authenticator. Add a second one, for the day when the first is "
            "lost or broken."
        ),
        Advice.NO_CODES: _(
            "You have no backup codes. Print a set and keep it where your devices are not."
        ),
        Advice.FEW_CODES: _("You have few backup codes left. Make a new set."),
        Advice.NO_PASSKEY: _(
            "Every code you type can be asked for by a fake page. Add a passkey, which works on "
            "our address only."
        ),
    }[advice]


def about(code: str) -> str:
    """What a method is, in one sentence; "" for one whose name says it."""
    return {
        "passkey": _(
            "Your device unlocks it by fingerprint, face or PIN, and nothing has to be typed."
        ),
        "ib_key": _("Approve a sign-in in our app. It requires a smartphone."),
        "dsc_plus": _(
            "A card of its own, which needs no telephone: it answers a number with a number, "
            "behind a PIN."
        ),
        "authenticator_app": _(
            "An app on your telephone or computer makes a code every 30 seconds, also without a "
            "signal."
        ),
        "online_card": _(
            "A sheet of numbered values to print, which bridges the time without a device."
        ),
        "backup_codes": _("Printed codes for the day when your devices are lost or far away."),
    }.get(code, "")
