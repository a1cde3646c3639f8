"""What an alert is about, for the owner who chooses; and which alerts they may silence."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.audit.events import Event


class Category(StrEnum):
    """A row of the page of alerts."""

    SIGN_INS = "sign_ins"
    SECURITY = "security"
    CONTACTS = "contacts"
    MONEY = "money"
    CARDS = "cards"
    TOKENS = "tokens"
    CASES = "cases"
    DOCUMENTS = "documents"


class Way(StrEnum):
    """How the owner hears. The inbox keeps everything, whatever is chosen, and a phone with IB Key
    is notified of everything for as long as its owner lets it show notifications."""

    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Words:
    """What the page says of a category."""

    name: Promise
    about: Promise


WORDS: dict[Category, Words] = {
    Category.SIGN_INS: Words(
        _("Sign-ins"), _("From a new device, unusual, stopped or refused, and pauses.")
    ),
    Category.SECURITY: Words(
        _("Security"), _("Password, ways to sign in, IP restrictions, rights, freeze, alerts.")
    ),
    Category.CONTACTS: Words(
        _("Contacts"), _("E-mail addresses, telephone numbers and SIM cards.")
    ),
    Category.MONEY: Words(_("Money"), _("Withdrawals, bank instructions and what is held.")),
    Category.CARDS: Words(_("Security card"), _("Orders, post, loss, PIN and sharing.")),
    Category.TOKENS: Words(_("API tokens"), _("Issued, used up, leaked, stopped.")),
    Category.CASES: Words(_("Cases"), _("What you reported, and our answers.")),
    Category.DOCUMENTS: Words(_("Statements"), _("New statements, tax forms and notices.")),
}

# By the first word of the event; everything else is about security.
_OF = {
    "sign_in": Category.SIGN_INS,
    "session": Category.SIGN_INS,
    "browser": Category.SIGN_INS,
    "travel": Category.SIGN_INS,
    "email": Category.CONTACTS,
    "phone": Category.CONTACTS,
    "withdrawal": Category.MONEY,
    "bank": Category.MONEY,
    "hold": Category.MONEY,
    "transaction": Category.MONEY,
    "ceiling": Category.MONEY,
    "card": Category.CARDS,
    "api_token": Category.TOKENS,
    "automation": Category.TOKENS,
    "algorithms": Category.MONEY,
    "case": Category.CASES,
    "document": Category.DOCUMENTS,
}

# The e-mail about these may be switched off: they tell of what was sent or delivered, and whoever
# takes over an account causes none of them. Whatever is not here is always on, so that it cannot be
# silenced first.
SILENCEABLE: frozenset[str] = frozenset(
    {Event.CARD_SHIPPED, Event.CARD_RETURNED, Event.DOCUMENT_DELIVERED}
)


def of(event: str) -> Category:
    """The category of an event of the catalogue."""
    return _OF.get(event.partition(".")[0], Category.SECURITY)
