from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.client_accounts.models import Role
from accounts.contacts import services as contacts
from accounts.contacts import wording
from accounts.contacts.kinds import EMAIL, PHONE
from accounts.contacts.rules import Refusal
from accounts.users.models import User
from accounts.users.rules import canonical, is_acceptable


class AddForm(forms.Form):
    """A user name that exists, an address of its owner, and the role."""

    username = forms.CharField(label=_("User name"), required=False, max_length=150)
    email = forms.CharField(label=_("E-mail address"), required=False, max_length=300)
    role = forms.CharField(required=False)

    def __init__(self, *args: object, roles: Sequence[Role], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.roles = roles

    def clean_role(self) -> Role:
        """Only what whoever asks may give."""
        role = self.cleaned_data["role"]
        if role not in self.roles:
            raise forms.ValidationError(_("Choose a role."))
        return Role(role)

    def clean_username(self) -> str:
        """As it is stored."""
        username = canonical(self.cleaned_data["username"])
        if not username:
            raise forms.ValidationError(_("Enter a user name."))
        return username

    def clean_email(self) -> str:
        """As it was typed."""
        return self.cleaned_data["email"]


class InviteForm(AddForm):
    """Somebody who has no user name yet."""

    name = forms.CharField(label=_("Name"), required=False, max_length=120)
    mobile = forms.CharField(label=_("Mobile number"), required=False, max_length=160)

    def clean_username(self) -> str:
        """One that can be had."""
        username = super().clean_username()
        if not is_acceptable(username):
            raise forms.ValidationError(
                _(
                    "A user name has 3 to 32 of the letters a to z, digits and . _ -, and begins "
                    "with a letter or a digit."
                )
            )
        if User.objects.by_name(username):
            raise forms.ValidationError(_("That user name is taken. Choose another."))
        return username

    def clean_name(self) -> str:
        """Not empty."""
        name = self.cleaned_data["name"].strip()
        if not name:
            raise forms.ValidationError(_("Enter the name."))
        return name

    def clean_email(self) -> str:
        """One that mail can go to."""
        read = contacts.read_email(user_id=0, typed=self.cleaned_data["email"])
        if isinstance(read, Refusal):
            raise forms.ValidationError(wording.of_refusal(read, EMAIL))
        return read

    def clean_mobile(self) -> str:
        """One that codes can go to."""
        read = contacts.read_phone(user_id=0, typed=self.cleaned_data["mobile"])
        if isinstance(read, Refusal):
            raise forms.ValidationError(wording.of_refusal(read, PHONE))
        return read
