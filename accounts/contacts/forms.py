from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.contacts.rules import EMAIL_MAX, TYPED_MAX


class PhoneForm(forms.Form):
    """A telephone number as it was typed; what it means is decided by the service."""

    number = forms.CharField(
        label=_("Telephone number"),
        required=False,
        max_length=TYPED_MAX * 4,
        help_text=_("With + and the country code, for example +1 415 555 0101."),
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "maxlength": None}
        ),
    )


class EmailForm(forms.Form):
    """An e-mail address as it was typed; line breaks are left for the service to refuse."""

    email = forms.CharField(
        label=_("E-mail address"),
        required=False,
        strip=False,
        max_length=EMAIL_MAX * 2,
        widget=forms.TextInput(
            attrs={
                "type": "email",
                "inputmode": "email",
                "autocomplete": "email",
                "spellcheck": "false",
                "maxlength": None,
            }
        ),
    )
