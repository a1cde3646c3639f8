from django import forms
from django.utils.translation import gettext_lazy as _


class PasswordForm(forms.Form):
    """A new password as it was typed: nothing is stripped from it."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=8192,
        error_messages={
            "required": _("Enter a password."),
            "max_length": _("That password is too long."),
        },
    )
