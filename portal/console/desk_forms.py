from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.contacts.rules import read_phone
from accounts.outbox.models import Channel, Status
from accounts.places import name_of
from portal.console.desk import Wanted
from portal.console.forms import ReasonForm

HOURS = [(1, _("1 hour")), (4, _("4 hours")), (24, _("24 hours"))]


class SearchForm(forms.Form):
    """What to look for; all of it may be left out."""

    number = forms.CharField(required=False, max_length=40, label=_("Number"))
    status = forms.ChoiceField(required=False, label=_("State"))
    channel = forms.ChoiceField(required=False, label=_("Channel"))
    country = forms.ChoiceField(required=False, label=_("Country"))
    before = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        countries = sorted((name_of(code), code) for code in settings.COUNTRIES_SERVED)
        self.fields["status"].choices = [("", _("Any")), *Status.choices]
        channels = [one for one in Channel.choices if one[0] != Channel.HOOK]
        self.fields["channel"].choices = [("", _("Any")), *channels]
        self.fields["country"].choices = [("", _("Any")), *((c, name) for name, c in countries)]

    def clean_number(self) -> str:
        """As it is stored: E.164."""
        text = self.cleaned_data["number"].strip()
        if not text:
            return ""
        read = read_phone(text)
        if not isinstance(read, str) or not read.startswith("+"):
            raise forms.ValidationError(_("Type the whole number, with its country code."))
        return read

    def wanted(self) -> Wanted:
        """What was asked for. The form is valid."""
        names = ("number", "status", "channel", "country")
        return Wanted(**{name: self.cleaned_data[name] for name in names})


class OverruleForm(ReasonForm):
    """Why the house's own judgement does not count, and for how long."""

    hours = forms.TypedChoiceField(choices=HOURS, coerce=int, label=_("For"))
    field_order = ("hours", "reason", "ticket")


class EndForm(ReasonForm):
    """Why it is judged again."""


class CarrierForm(OverruleForm):
    """What staff say of a channel."""

    channel = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (Channel.SMS, Channel.VOICE)],
        label=_("Channel"),
    )
    standing = forms.ChoiceField(
        choices=[
            ("away", _("It fails: another channel comes first")),
            ("works", _("It works: it comes first as usual")),
            ("judge", _("Judge it by its messages again")),
        ],
        label=_("What is so"),
    )
    field_order = ("channel", "standing", "hours", "reason", "ticket")
