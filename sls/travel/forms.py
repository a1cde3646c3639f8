from collections.abc import Mapping

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.users.models import User
from sls.methods import registry
from sls.travel import countries, rules, services, wording
from sls.travel.rules import Days, Refusal

FIELD_OF = {
    Refusal.BACKWARDS: "last",
    Refusal.TOO_LONG: "last",
    Refusal.PAST: "first",
    Refusal.TOO_FAR: "first",
    Refusal.NO_COUNTRY: "countries",
    Refusal.COUNTRIES: "countries",
    Refusal.UNKNOWN_COUNTRY: "countries",
    Refusal.DEVICES: "devices",
}
DAY = {"required": _("Enter a date."), "invalid": _("Enter a date that exists.")}


class Ticks(forms.Widget):
    """Tick boxes of names of their own, ``countries-JP``: no name may come twice in a form."""

    def value_from_datadict(self, data: Mapping[str, str], files: object, name: str) -> list[str]:
        start = f"{name}-"
        return [one.removeprefix(start) for one in data if one.startswith(start)]


class NoticeForm(forms.Form):
    """Days, countries, and what goes along; says whatever ``services.announce`` would."""

    first = forms.DateField(label=_("First day"), error_messages=DAY)
    last = forms.DateField(label=_("Last day"), error_messages=DAY)
    countries = forms.MultipleChoiceField(
        label=_("Countries"),
        widget=Ticks,
        error_messages={
            "required": wording.REFUSALS[Refusal.NO_COUNTRY],
            "invalid_choice": wording.REFUSALS[Refusal.UNKNOWN_COUNTRY],
        },
    )
    devices = forms.MultipleChoiceField(
        label=_("What goes along"),
        widget=Ticks,
        required=False,
        error_messages={"invalid_choice": wording.REFUSALS[Refusal.DEVICES]},
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["countries"].choices = countries.choices()
        held = registry.devices(user.pk)
        self.fields["devices"].choices = [(row.id, registry.label(row)) for row in held]

    def clean(self) -> dict:
        typed = super().clean()
        if self.errors:
            return typed
        refusal = services.why_not(
            self.user,
            days=self.days,
            countries=typed["countries"],
            devices=typed["devices"],
            now=timezone.now(),
        )
        if refusal:
            self.refuse(refusal)
        return typed

    def refuse(self, refusal: Refusal) -> None:
        """Says a refusal at its field."""
        self.add_error(FIELD_OF.get(refusal), wording.REFUSALS[refusal])

    @property
    def days(self) -> Days:
        return Days(self.cleaned_data["first"], self.cleaned_data["last"])

    def listed(self) -> list[tuple[str, str, bool]]:
        """Code, name and whether it is chosen of every country, the chosen first."""
        chosen = set(self["countries"].value() or [])
        all_of = [(code, name, code in chosen) for code, name in self.fields["countries"].choices]
        return sorted(all_of, key=lambda one: not one[2])

    def carried(self) -> list[tuple[str, str, bool]]:
        """The same of the authenticators; on the empty form all of them go along."""
        choices, chosen = self.fields["devices"].choices, set(self["devices"].value() or [])
        return [(code, name, not self.is_bound or code in chosen) for code, name in choices]

    @property
    def most(self) -> dict[str, int]:
        """The limits that the hints name."""
        return {"days": rules.MOST_DAYS, "countries": rules.MOST_COUNTRIES}
