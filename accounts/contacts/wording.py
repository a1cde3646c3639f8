"""The sentences about contacts."""

from django.utils.translation import gettext as _

from accounts.contacts.kinds import PHONE, Kind
from accounts.contacts.models import What
from accounts.contacts.rules import MAX_OF_A_KIND, Refusal
from accounts.contacts.undoing import Step


def of_refusal(refusal: Refusal, kind: Kind) -> str:
    """Why it was not done, and what can be done instead."""
    return (_phone_texts() if kind is PHONE else _email_texts())[refusal]


def was_done(step: Step, *, whole: bool) -> str:
    """What was changed; ``whole`` is for the owner, everybody else sees masks."""
    texts = {
        What.ADDED: _("%(contact)s was added."),
        What.PRIMARY: _("%(contact)s was made primary."),
        What.REMOVED: _("%(contact)s was removed."),
    }
    return texts[step.what] % {"contact": _named(step.contact, whole)}


def will_be(step: Step, *, whole: bool) -> str:
    """What undoing it does."""
    if step.what == What.PRIMARY and step.former is None:
        return _("%(contact)s is not primary any more.") % {"contact": _named(step.contact, whole)}
    contact = step.former if step.what == What.PRIMARY else step.contact
    texts = {
        What.ADDED: _("%(contact)s is taken off your list."),
        What.PRIMARY: _("%(contact)s is primary again."),
        What.REMOVED: _("%(contact)s is on your list again."),
    }
    return texts[step.what] % {"contact": _named(contact, whole)}


def _named(contact, whole: bool) -> str:
    return contact.shown if whole else contact.masked


def _phone_texts() -> dict[Refusal, str]:
    return {
        Refusal.EMPTY: _("Enter a telephone number."),
        Refusal.TOO_LONG: _("That is too long for a telephone number."),
        Refusal.LETTERS: _("Enter the telephone number with digits only, without letters."),
        Refusal.EXTENSION: _(
            "Codes cannot be sent to an extension. Enter a number that can be called directly."
        ),
        Refusal.NEEDS_COUNTRY: _("Start with + and the country code, for example +1 415 555 0101."),
        Refusal.NOT_A_NUMBER: _(
            "That is not a valid telephone number. Check the digits and the country code."
        ),
        Refusal.NOT_SERVED: _("Codes cannot be sent to telephone numbers of that country."),
        Refusal.PREMIUM: _(
            "That is a premium or shared-cost number. Codes are never sent to those."
        ),
        Refusal.NEVER_SENT_TO: _("Codes are never sent to numbers of that kind."),
        Refusal.LISTED: _("That number is already on your list."),
        Refusal.FULL: _("You have %(most)s telephone numbers, and no more can be kept. Remove one.")
        % {"most": MAX_OF_A_KIND},
        Refusal.UNVERIFIED: _("Verify the number by a code first."),
        Refusal.IN_USE: _(
            "Security codes for signing in go to this number, so it cannot be removed. "
            "Make another verified number primary first."
        ),
        Refusal.OPTED_OUT: _(
            "Text messages to this number were stopped from the telephone itself (STOP). "
            "Send START from that telephone to allow them again."
        ),
        Refusal.NO_TEXT: _(
            "The carrier says that this number cannot take text messages. It can be called."
        ),
        Refusal.GONE: _("That number is no longer on your list."),
        **_undo_texts(),
    }


def _email_texts() -> dict[Refusal, str]:
    return {
        Refusal.EMPTY: _("Enter an e-mail address."),
        Refusal.TOO_LONG: _("That is too long for an e-mail address."),
        Refusal.NOT_AN_ADDRESS: _(
            "That is not a valid e-mail address. It looks like name@example.com."
        ),
        Refusal.NOT_ASCII: _(
            "Enter the e-mail address with the letters a to z, digits and signs only."
        ),
        Refusal.LISTED: _("That address is already on your list."),
        Refusal.FULL: _("You have %(most)s e-mail addresses, and no more can be kept. Remove one.")
        % {"most": MAX_OF_A_KIND},
        Refusal.UNVERIFIED: _("Verify the address by a code first."),
        Refusal.PRIMARY: _("This is your primary address. Make another address primary first."),
        Refusal.GONE: _("That address is no longer on your list."),
        **_undo_texts(),
    }


def _undo_texts() -> dict[Refusal, str]:
    return {
        Refusal.UNDONE: _("That change is undone already. Nothing more has to be done."),
        Refusal.TOO_LATE: _(
            "The time in which that change could be undone is over. If it was not yours, please "
            "call us."
        ),
    }
