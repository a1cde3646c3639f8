from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.outbox.hooks import rules, wording
from accounts.outbox.hooks.models import Hook
from portal.console.forms import CHOOSE, ReasonForm, choose_one


class TypesForm(ReasonForm):
    """Which events an endpoint takes: a tick for each, for a field that is repeated is refused."""

    def __init__(self, *args: Any, types: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in rules.TYPES:
            self.fields[_name(code)] = forms.BooleanField(
                required=False, label=wording.TYPES[code], initial=code in types
            )

    @property
    def ticks(self) -> list[forms.BoundField]:
        """The fields of the kinds of events."""
        return [self[_name(code)] for code in rules.TYPES]

    @property
    def others(self) -> list[forms.BoundField]:
        """All other fields."""
        names = {_name(code) for code in rules.TYPES}
        return [field for field in self if field.name not in names]

    def clean(self) -> dict[str, Any]:
        """The kinds together, under ``types``."""
        values = self.cleaned_data
        types = [code for code in rules.TYPES if values.pop(_name(code), False)]
        if not types:
            self.add_error(_name(rules.TYPES[0]), _("Choose at least one kind of event."))
        return values | {"types": types}


def _name(code: str) -> str:
    return code.replace(".", "_")


def _to(pk: int) -> tuple[str, str]:
    """An endpoint, for whoever decides."""
    return gettext("Address"), Hook.objects.values_list("url", flat=True).get(pk=pk)


def _events(types: Iterable[str]) -> tuple[str, str]:
    return gettext("Events"), ", ".join(wording.type_label(one) for one in types)


class NewHookForm(TypesForm):
    """Where events go."""

    url = forms.CharField(
        label=_("Address"),
        max_length=rules.URL_MOST,
        help_text=_("Begins with https:// and leads to a public address."),
        error_messages={"required": _("Give the address that takes the events.")},
    )
    field_order = ("url", "reason", "ticket")

    def values(self) -> dict[str, Any]:
        """What is asked for."""
        return {name: self.cleaned_data[name] for name in ("url", "types")}

    @classmethod
    def worded(cls, values: dict[str, Any], **_client: Any) -> list[tuple[str, str]]:
        """What is asked for, in words."""
        return [(gettext("Address"), values["url"]), _events(values["types"])]

    def clean_url(self) -> str:
        """As it was typed: what is signed for is what is called."""
        url = self.cleaned_data["url"]
        if bad := rules.refusal(url, at_home=not settings.PRODUCTION):
            raise forms.ValidationError(wording.BAD[bad])
        return url


class ChooseForm(TypesForm):
    """Which events it takes, and whether it takes any."""

    is_on = forms.BooleanField(required=False, label=_("Switched on"))
    field_order = ("is_on", "reason", "ticket")

    def __init__(self, *args: Any, hook: Hook, **kwargs: Any) -> None:
        super().__init__(*args, types=hook.types, initial={"is_on": not hook.off}, **kwargs)
        self.hook = hook

    @property
    def widens(self) -> bool:
        """Whether it would be told of what it was not told of before."""
        values, hook = self.cleaned_data, self.hook
        was_on = not hook.off
        return rules.widens(hook.types, values["types"], was_on=was_on, is_on=values["is_on"])

    def values(self) -> dict[str, Any]:
        """What is asked for."""
        chosen = {name: self.cleaned_data[name] for name in ("types", "is_on")}
        return {"pk": self.hook.pk} | chosen

    @classmethod
    def worded(cls, values: dict[str, Any], **_client: Any) -> list[tuple[str, str]]:
        """What is asked for, in words, beside what is so now."""
        hook = Hook.objects.get(pk=values["pk"])
        state = hook.get_off_display() if hook.off else gettext("Switched on")
        label, events = _events(hook.types)
        now = (gettext("Until now"), f"{state}: {events}")
        return [_to(hook.pk), now, (label, _events(values["types"])[1])]


class PlainForm(ReasonForm):
    """Nothing but why."""

    def __init__(self, *args: Any, hook: Hook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class KeyForm(PlainForm):
    """A second key for this endpoint."""

    def __init__(self, *args: Any, hook: Hook, **kwargs: Any) -> None:
        super().__init__(*args, hook=hook, **kwargs)
        self.hook = hook

    def values(self) -> dict[str, Any]:
        """Whose key."""
        return {"pk": self.hook.pk}

    @classmethod
    def worded(cls, values: dict[str, Any], **_client: Any) -> list[tuple[str, str]]:
        """Whose key, in words."""
        return [_to(values["pk"])]


class DropKeyForm(ReasonForm):
    """Which key goes."""

    kid = forms.ChoiceField(label=_("Key"), error_messages=CHOOSE)
    field_order = ("kid", "reason", "ticket")

    def __init__(self, *args: Any, hook: Hook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kids = hook.keys.order_by("place").values_list("kid", flat=True)
        self.fields["kid"].choices = choose_one([(kid, kid) for kid in kids])
