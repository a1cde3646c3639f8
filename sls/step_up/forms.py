from django import forms
from django.utils.translation import gettext_lazy as _


class PasswordForm(forms.Form):
    """The password of the person who is signed in; the name is shown, not asked."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        required=False,
        max_length=1024,
        widget=forms.PasswordInput,
        error_messages={"max_length": _("That password is too long.")},
    )
