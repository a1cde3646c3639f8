"""A transaction as a voice says it."""

from django.utils import translation
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.transactions.models import Transaction

# Other currencies are spelt: "C, N, Y".
CURRENCIES: dict[str, Promise] = {
    "USD": _("%(amount)s US dollars"),
    "EUR": _("%(amount)s euros"),
    "GBP": _("%(amount)s pounds sterling"),
    "JPY": _("%(amount)s Japanese yen"),
    "CHF": _("%(amount)s Swiss francs"),
    "HKD": _("%(amount)s Hong Kong dollars"),
    "CAD": _("%(amount)s Canadian dollars"),
    "AUD": _("%(amount)s Australian dollars"),
    "SGD": _("%(amount)s Singapore dollars"),
}


def context(made: Transaction, language: str) -> dict[str, str]:
    """What the templates of the call get, in the client's language."""
    with translation.override(language):
        return {
            "kind": str(made.get_kind_display()),
            "money": _money(made),
            "what": made.what,
        }


def _money(made: Transaction) -> str:
    whole = made.amount == made.amount.to_integral_value()
    amount = number_format(made.amount, 0 if whole else 2, force_grouping=True)
    known = CURRENCIES.get(made.currency)
    if known is None:
        return f"{amount} {', '.join(made.currency)}"
    return str(known) % {"amount": amount}
