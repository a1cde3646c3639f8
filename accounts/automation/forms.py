import re
from decimal import Decimal

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.automation import rules, services, wording
from accounts.automation.rules import Does, Kind

_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")


def _kinds() -> list[tuple[str, str]]:
    kinds = [
        (Kind.CALLS.value, _("A program calls too often")),
        (Kind.BANK.value, _("A new bank instruction appears")),
        (Kind.ORDER.value, _("A large order comes from a program")),
    ]
    return kinds if services.rates() else kinds[1:]


def _rates() -> list[tuple[str, str]]:
    words = ngettext("%(calls)s call a minute", "%(calls)s calls a minute", 2)
    return [(str(rate), words % {"calls": rate}) for rate in services.rates()]


def _does() -> list[tuple[str, str]]:
    return [(one.value, str(wording.DOES[one])) for one in Does]


class RuleForm(forms.Form):
    """A new rule: when, from how much on, and what then."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What the rule is about"),
        choices=_kinds,
        error_messages={"required": gettext_lazy("Choose what the rule is about.")},
    )
    calls = forms.ChoiceField(
        label=gettext_lazy("More than"), choices=_rates, initial="60", required=False
    )
    amount = forms.CharField(
        label=gettext_lazy("Orders above, in US dollars"), required=False, max_length=24
    )
    does = forms.ChoiceField(
        label=gettext_lazy("Then"),
        choices=_does,
        error_messages={"required": gettext_lazy("Choose what happens then.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        rates, most = services.rates(), settings.API_CALLS_PER_MINUTE
        self.rates = rates
        calls = self.fields["calls"]
        too_many = _(
            "No rule is about so many calls: at %(most)s calls a minute a program is refused. "
            "Choose fewer."
        )
        calls.error_messages["invalid_choice"] = too_many % {"most": most}
        if rates and int(calls.initial) not in rates:
            calls.initial = str(rates[-1])
        if rates and most < rules.RATES[-1]:
            calls.help_text = self._reach(rates) % {"most": most}

    @staticmethod
    def _reach(rates: list[int]) -> str:
        if rates[-1] == rules.RATES[-1]:
            return _(
                "A program with an API token is refused at %(most)s calls a minute. More calls are "
                "made by programs on your trading platform, which tells us of them."
            )
        return _("A program is refused at %(most)s calls a minute, so no rule is about more.")

    def clean(self) -> dict:
        """What the kind takes is there."""
        kind = self.cleaned_data.get("kind")
        if kind == Kind.CALLS and not (self.cleaned_data.get("calls") or self.errors.get("calls")):
            self.add_error("calls", _("Choose a number of calls."))
        if kind == Kind.ORDER and "amount" in self.cleaned_data:
            typed = self.cleaned_data["amount"].replace(",", "").replace(" ", "")
            if not _AMOUNT.fullmatch(typed) or not Decimal(typed):
                self.add_error("amount", _("Type an amount, such as 50000."))
            else:
                self.cleaned_data["amount"] = Decimal(typed)
        return self.cleaned_data

    @property
    def most(self) -> Decimal | None:
        """From how much on; None for what has no amount."""
        kind = self.cleaned_data["kind"]
        if kind == Kind.BANK:
            return None
        if kind == Kind.CALLS:
            return Decimal(self.cleaned_data["calls"])
        return self.cleaned_data["amount"]
