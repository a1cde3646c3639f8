from django import forms
from django.utils.translation import gettext_lazy as _

from sls.incident import rules, wording
from sls.incident.models import Cause
from sls.login.forms import LoginForm


class EntryForm(forms.Form):
    """Name and password, as at the sign-in."""

    username = LoginForm.base_fields["username"]
    password = LoginForm.base_fields["password"]


def field_of(cause: str) -> str:
    """The name of the tick box of a ``Cause``."""
    return f"cause_{cause}"


class QuestionsForm(forms.Form):
    """How it happened: a tick box for each ``Cause`` (no form of ours repeats a field), and words.

    Once it is valid, ``causes`` are those that were ticked.
    """

    text = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=rules.TEXT_MAX,
        widget=forms.Textarea,
        error_messages={"max_length": _("Please keep it under 2,000 characters.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for value, label in Cause.choices:
            self.fields[field_of(value)] = forms.BooleanField(label=label, required=False)

    @property
    def ticks(self) -> list[forms.BoundField]:
        """The tick boxes, in their order."""
        return [self[field_of(value)] for value in Cause.values]

    @property
    def causes(self) -> list[str]:
        """What was ticked."""
        return [value for value in Cause.values if self.cleaned_data.get(field_of(value))]

    def clean(self) -> None:
        """One answer at least."""
        if not self.causes:
            raise forms.ValidationError(wording.no_cause())
