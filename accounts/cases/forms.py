from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.cases import rules
from accounts.cases.models import Kind, Outcome, Vector

REPORTED = [(kind.value, kind.label) for kind in Kind if kind is not Kind.INCIDENT]


class _Text(forms.CharField):
    """Plain text, judged as it is kept: nothing invisible fills it, and no line break counts
    twice."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 6, "maxlength": None}), **kwargs)

    def to_python(self, value: object) -> str:
        # The check of length is for what was typed; much more than that is not even cleaned.
        text = super().to_python(value)
        return rules.clean(text) if len(text) <= rules.TEXT_MAX * 4 else text


class ReportForm(forms.Form):
    """What somebody reports."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=REPORTED,
        error_messages={
            "required": _("Choose what it is."),
            "invalid_choice": _("Choose what it is."),
        },
    )
    text = _Text(
        label=_("What happened?"),
        max_length=rules.TEXT_MAX,
        error_messages={"required": _("Say in a few words what happened.")},
    )


class LetterForm(forms.Form):
    """The next message of a case."""

    text = _Text(
        label=_("Your message"),
        max_length=rules.TEXT_MAX,
        error_messages={"required": _("Write a message first.")},
    )


class AnswerForm(LetterForm):
    """A message of staff."""

    waits = forms.BooleanField(label=_("We wait for an answer of the client"), required=False)


class CloseForm(forms.Form):
    """Why a case ends; the owner reads it."""

    reason = forms.CharField(
        label=_("Reason, which the client reads"),
        max_length=rules.REASON_MAX,
        error_messages={"required": _("Say why it is closed.")},
    )
    outcome = forms.ChoiceField(
        label=_("Outcome, for staff alone"),
        choices=[("", _("Not decided yet")), *Outcome.choices],
        required=False,
    )


class NoteForm(forms.Form):
    """What staff write for each other."""

    note = _Text(
        label=_("Note for staff"),
        max_length=rules.TEXT_MAX,
        error_messages={"required": _("Write a note first.")},
    )


class ReviewForm(forms.Form):
    """What was learnt."""

    vector = forms.ChoiceField(label=_("How it most likely came about"), choices=Vector.choices)
    lesson = _Text(
        label=_("What closes the gap"),
        max_length=rules.TEXT_MAX,
        error_messages={"required": _("Say what was done, or has to be.")},
    )
