from django import forms
from django.utils.translation import gettext_lazy as _

_TOO_LONG = _("That is too long.")


class NameForm(forms.Form):
    """The user name of somebody who wants to come back in."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        error_messages={"required": _("Enter your user name."), "max_length": _TOO_LONG},
    )


class ContactsForm(forms.Form):
    """The two contacts by which a forgotten user name is found."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        error_messages={"required": _("Enter an e-mail address."), "max_length": _TOO_LONG},
    )
    number = forms.CharField(
        label=_("Mobile number"),
        max_length=40,
        error_messages={"required": _("Enter a telephone number."), "max_length": _TOO_LONG},
    )


class OldPasswordForm(forms.Form):
    """The password of somebody who lost what they sign in with."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        required=False,
        max_length=1024,
        widget=forms.PasswordInput,
        error_messages={"max_length": _("That password is too long.")},
    )


class ReferenceForm(forms.Form):
    """The reference of a request that waits."""

    reference = forms.CharField(
        label=_("Reference"),
        max_length=64,
        error_messages={"required": _("Enter the reference."), "max_length": _TOO_LONG},
    )
