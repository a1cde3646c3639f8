import re
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.ceilings.rules import Kind
from accounts.ceilings.wording import NAMES

_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
MOST_PER_CENT = 100
_DOLLARS = gettext_lazy("%(name)s, in US dollars")
_IN = {
    Kind.ORDER: _DOLLARS,
    Kind.POSITION: _DOLLARS,
    Kind.MARGIN: gettext_lazy("%(name)s, in per cent of what the account is worth"),
}


def number(text: str) -> Decimal:
    """An amount as people type it: commas and spaces between thousands. Raises
    ``ValidationError``."""
    bare = text.replace(",", "").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if not _NUMBER.fullmatch(bare):
        raise forms.ValidationError(_("Type a number, such as 50000."))
    return Decimal(bare)


class CeilingsForm(forms.Form):
    """The ceilings of one account; an empty field is no ceiling."""

    order = forms.CharField(required=False, max_length=24)
    position = forms.CharField(required=False, max_length=24)
    margin = forms.CharField(required=False, max_length=24)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for kind in Kind:
            self.fields[kind.value].label = _IN[kind] % {"name": NAMES[kind]}

    def clean_order(self) -> Decimal | None:
        return self._number("order")

    def clean_position(self) -> Decimal | None:
        return self._number("position")

    def clean_margin(self) -> Decimal | None:
        read = self._number("margin")
        if read is not None and read > MOST_PER_CENT:
            raise forms.ValidationError(_("Type a number from 0 to 100."))
        return read

    def _number(self, name: str) -> Decimal | None:
        typed = self.cleaned_data[name]
        return number(typed) if typed else None

    @property
    def wanted(self) -> dict[Kind, Decimal | None]:
        """What was typed, by kind."""
        return {kind: self.cleaned_data[kind.value] for kind in Kind}
