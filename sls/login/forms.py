from django import forms
from django.utils.translation import gettext_lazy as _


class LoginForm(forms.Form):
    """Name and password as they were typed: nothing is stripped from a password."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        error_messages={
            "required": _("Enter your user name."),
            "max_length": _("That user name is too long."),
        },
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput,
        error_messages={
            "required": _("Enter your password."),
            "max_length": _("That password is too long."),
        },
    )
    public_computer = forms.BooleanField(
        label=_("This is a public or shared computer"), required=False
    )
