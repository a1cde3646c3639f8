from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.callers.models import Topic


class TalkForm(forms.Form):
    """What staff want to talk about."""

    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=Topic.choices,
        error_messages={
            "required": _("Choose what it is about."),
            "invalid_choice": _("Choose what it is about."),
        },
    )
    call = forms.BooleanField(label=_("Have the reference read out by a call"), required=False)


class AnswerForm(forms.Form):
    """What the caller reads out."""

    code = forms.CharField(
        label=_("What the caller reads out"),
        max_length=64,
        error_messages={"required": _("Type what the caller reads out.")},
    )
