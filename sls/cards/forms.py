from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sls.cards import rules
from sls.cards.rules import Why


class AddressForm(forms.Form):
    """Where to send the card; where there is one already, also why another is needed."""

    address = forms.CharField(label=gettext_lazy("Postal address"), required=False, strip=False)
    why = forms.CharField(required=False)

    def clean_address(self) -> str:
        address = rules.read_address(self.cleaned_data["address"])
        if address is None:
            raise forms.ValidationError(
                _(
                    "Write the address as on an envelope: name, street, city and country, in 3 to "
                    "8 lines of at most 60 characters."
                )
            )
        return address

    def clean_why(self) -> Why:
        """Anything else is no reason that can be chosen."""
        said = self.cleaned_data["why"]
        return Why(said) if said in (Why.BATTERY, Why.DAMAGED) else Why.FIRST


class PinForm(forms.Form):
    """A PIN typed twice; whether it is fit is decided by the service."""

    pin = forms.CharField(label=gettext_lazy("New PIN"), required=False, strip=False)
    pin_again = forms.CharField(
        label=gettext_lazy("The same PIN again"), required=False, strip=False
    )

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("pin"):
            self.add_error("pin", _("Enter a PIN of 4 digits."))
        elif data["pin"] != data.get("pin_again"):
            self.add_error("pin_again", _("The two PINs differ. Type the same one twice."))
        return data


class ParcelForm(forms.Form):
    """How a card was sent back."""

    carrier = forms.CharField(required=False)
    tracking = forms.CharField(label=gettext_lazy("Tracking number"), required=False, strip=False)

    def clean_carrier(self) -> str:
        carrier = self.cleaned_data["carrier"]
        if carrier not in settings.CARD_CARRIERS:
            raise forms.ValidationError(_("Choose who carries the parcel."))
        return carrier

    def clean_tracking(self) -> str:
        number = rules.read_tracking(self.cleaned_data["tracking"])
        if number is None:
            raise forms.ValidationError(
                _("Enter the tracking number: 6 to 40 letters and digits, as on your receipt.")
            )
        return number


class HolderForm(forms.Form):
    """The other user name, which holds the card, and its password."""

    username = forms.CharField(
        label=gettext_lazy("The other user name"), required=False, max_length=256
    )
    password = forms.CharField(label=gettext_lazy("Its password"), required=False, strip=False)

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("username") and "username" not in self.errors:
            self.add_error("username", _("Enter the other user name."))
        if not data.get("password"):
            self.add_error("password", _("Enter its password."))
        return data
