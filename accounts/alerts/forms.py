from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.alerts.categories import Category, Way
from accounts.alerts.rules import DIGESTS

CHOICES = [
    *(f"{category}.{way}" for category in Category for way in Way),
    *(f"digest.{digest}" for digest in DIGESTS),
]


class ChoiceForm(forms.Form):
    """One choice of the page: "sign_ins.sms", or "digest.daily"."""

    choice = forms.ChoiceField(choices=[(one, one) for one in CHOICES])


class PhraseForm(forms.Form):
    """A phrase as it was typed; ``phrases.keep`` judges it."""

    passphrase = forms.CharField(
        label=_("Your phrase"),
        max_length=200,
        error_messages={
            "required": _("Enter a phrase."),
            "max_length": _("That phrase is too long."),
        },
    )
