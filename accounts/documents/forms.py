from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.cases.forms import LetterForm


class WrongForm(LetterForm):
    """What is wrong with a document or with figures; ``about`` is its id, or the number of the
    account."""

    about = forms.CharField(max_length=36, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What is wrong?")
        self.fields["text"].error_messages["required"] = _("Say in a few words what is wrong.")
