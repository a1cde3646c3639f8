"""The one act about the house itself: the numbers at which clients call us back."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.support import record, rules, services
from portal.console.acts.base import CannotAct, Doing
from portal.console.forms import ReasonForm


class NumbersForm(ReasonForm):
    """The numbers at which clients call us back; the first is the one that every page names."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for place in range(1, rules.MOST + 1):
            self.fields[f"number_{place}"] = forms.CharField(
                label=_("Number %(place)s") % {"place": place},
                required=place == 1,
                max_length=rules.TYPED_MAX,
                error_messages={"required": _("Clients need one number at least.")},
            )
            self.fields[f"label_{place}"] = forms.CharField(
                label=_("What number %(place)s is for") % {"place": place},
                required=False,
                max_length=rules.LABEL_MAX,
            )

        self.fields["reason"].help_text = _("Whoever decides reads it.")
        self.order_fields([name for name in self.fields if name not in ("reason", "ticket")])

    def clean(self) -> dict[str, object]:
        """Reads every number; ``pairs`` are what for and number, as they are kept."""
        cleaned = super().clean()
        pairs: list[tuple[str, str]] = []
        for place in range(1, rules.MOST + 1):
            typed = str(cleaned.get(f"number_{place}") or "")
            label = rules.label(str(cleaned.get(f"label_{place}") or ""))
            if not typed:
                if label and f"number_{place}" not in self.errors:
                    self.add_error(f"number_{place}", _("Enter the number that this is for."))
                continue
            number = rules.read(typed)
            if number is None:
                problem = _("Enter a full number with its country code, such as +1 415 555 0100.")
                self.add_error(f"number_{place}", problem)
            elif number in [known for _label, known in pairs]:
                self.add_error(f"number_{place}", _("That number stands there already."))
            else:
                pairs.append((label, number))
        cleaned["pairs"] = pairs
        return cleaned

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Number and what for, as the page shows them."""
        places = range(1, rules.MOST + 1)
        return [(self[f"number_{place}"], self[f"label_{place}"]) for place in places]

    def values(self) -> dict[str, Any]:
        """The numbers as they are kept."""
        return {"numbers": [list(pair) for pair in self.cleaned_data["pairs"]]}

    @classmethod
    def worded(cls, values: dict[str, Any], **_client: Any) -> list[tuple[str, str]]:
        """What clients are told now, and from then on."""
        now = [(one["label"], one["telephone"]) for one in record.current().numbers]
        return [
            (gettext("Clients are told now"), _listed(now)),
            (gettext("Clients are told from then on"), _listed(values["numbers"])),
        ]


def _listed(pairs: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{number} ({label})" if label else number for label, number in pairs)


def change_numbers(doing: Doing) -> str:
    """Clients are told these from now on. Whoever could change them alone could have every client
    call a swindler."""
    changed = services.change(
        numbers=[(label, number) for label, number in doing.values["numbers"]],
        staff=doing.staff,
        origin=doing.origin,
        reason=doing.noted,
    )
    if not changed:
        raise CannotAct(gettext("Clients are told these numbers already."))
    return gettext("Clients are told these numbers from now on.")
