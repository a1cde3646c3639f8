from django import forms

from sls.login.forms import LoginForm


class UnlockForm(forms.Form):
    """Which name is to be unlocked."""

    username = LoginForm.base_fields["username"]
