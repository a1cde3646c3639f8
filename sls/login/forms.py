from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.challenges.wording import Problem


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


class CodeForm(forms.Form):
    """The field of the code page; the flow judges what is in it."""

    code = forms.CharField(required=False)

    @classmethod
    def saying(cls, problem: Problem | None, typed: str = "") -> "CodeForm":
        """The form with what was typed, and the problem beside it."""
        form = cls({"code": typed} if problem else None)
        if problem:
            form.add_error("code", problem.text)
        return form
