from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ip_restrictions.models import Platform


class NetworkForm(forms.Form):
    """An address as it was typed; what it means is decided by the service."""

    network = forms.CharField(
        label=_("Address or network"), required=False, max_length=300, strip=False
    )
    label = forms.CharField(label=_("Label"), required=False, max_length=300)
    platform = forms.ChoiceField(
        label=_("Platform"),
        choices=Platform.choices,
        initial=Platform.ALL,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the platforms.")},
    )


class TypedForm(forms.Form):
    """One's own address, typed on purpose."""

    typed = forms.CharField(label=_("Your present address"), required=False, max_length=300)
