from django import forms
from django.utils.translation import gettext_lazy as _


class ActivationForm(forms.Form):
    """User name and activation code as they were typed."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        error_messages={
            "required": _("Enter your user name."),
            "max_length": _("That user name is too long."),
        },
    )
    code = forms.CharField(label=_("Activation code"), required=False, max_length=200)


class ResendForm(forms.Form):
    """The user name that waits for a code."""

    username = ActivationForm.base_fields["username"]
