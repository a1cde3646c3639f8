from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.cases import rules as texts
from accounts.transactions import rules
from accounts.transactions.models import Kind

CURRENCIES = ("USD", "EUR", "GBP", "JPY", "CHF", "HKD", "CAD", "AUD", "SGD")


class FlagForm(forms.Form):
    """A transaction that somebody of staff finds unusual. ``accounts`` are the client's own."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Kind.choices,
        error_messages={
            "required": _("Choose what it is."),
            "invalid_choice": _("Choose what it is."),
        },
    )
    account = forms.ChoiceField(
        label=_("Account"),
        error_messages={
            "required": _("Choose an account of the client."),
            "invalid_choice": _("Choose an account of the client."),
        },
    )
    amount = forms.DecimalField(
        label=_("Amount"),
        max_digits=rules.AMOUNT_DIGITS,
        decimal_places=rules.AMOUNT_PLACES,
        error_messages={
            "required": _("Enter the amount."),
            "invalid": _("Enter the amount as a number, such as 25000 or 25000.50."),
        },
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(one, one) for one in CURRENCIES])
    what = forms.CharField(
        label=_("To whom, or of what"),
        max_length=rules.WHAT_MAX,
        error_messages={"required": _("Say to whom, or of what. The client reads it.")},
    )
    at = forms.DateTimeField(
        label=_("When it was asked for"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={
            "required": _("Enter the day and the time."),
            "invalid": _("Enter day and time as 2026-11-26 14:30."),
        },
    )

    def __init__(self, *args: object, accounts: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = [(one, one) for one in accounts]

    def clean_amount(self) -> object:
        """An amount of money."""
        amount = self.cleaned_data["amount"]
        if not rules.is_amount(amount, "USD"):
            raise forms.ValidationError(_("Enter an amount above zero."))
        return amount

    def clean_what(self) -> str:
        """As it is kept."""
        what = texts.line(self.cleaned_data["what"])
        if not what:
            raise forms.ValidationError(_("Say to whom, or of what. The client reads it."))
        return what

    def clean_at(self) -> datetime:
        """Nothing to come, and nothing of long ago."""
        at, now = self.cleaned_data["at"], timezone.now()
        if at > now:
            raise forms.ValidationError(_("Enter a time that is past."))
        if at < now - rules.OLDEST:
            raise forms.ValidationError(_("Enter a time within the last year."))
        return at
