from django import forms
from django.utils.translation import gettext_lazy as _


class NameForm(forms.Form):
    """A name as it was typed; what it means is decided by the service."""

    name = forms.CharField(label=_("Name"), required=False, strip=False)
