from collections import defaultdict
from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.audit.events import Event
from accounts.users.models import User
from portal.console.forms import ReasonForm
from portal.console.trail_reading import STAFF, Wanted

SYSTEM = "system"
FIRST_YEAR, LAST_YEAR = 2000, 2100


def _events() -> list[tuple[str, object]]:
    """The catalogue, in its families."""
    families = defaultdict(list)
    for event in Event:
        families[event.value.partition(".")[0]].append((event.value, event.label))
    return [("", _("Any")), *sorted(families.items())]


def _in_our_time(moment: datetime | None) -> datetime | None:
    """Whoever looks from there on is not led out of the calendar by a few minutes of slack."""
    if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise forms.ValidationError(_("Enter a day between the years 2000 and 2100."))
    return moment


class _NameField(forms.CharField):
    """A user name; gives the user. ``SYSTEM`` is none."""

    def clean(self, value: str) -> User | str | None:
        name = super().clean(value).strip()
        if name in ("", SYSTEM):
            return name
        user = User.objects.by_name(name)
        if user is None:
            raise forms.ValidationError(_("Nobody has that user name."))
        return user


class FilterForm(forms.Form):
    """What to look for in the trail; all of it may be left out."""

    user = _NameField(required=False, max_length=150, label=_("User name"))
    event = forms.ChoiceField(required=False, label=_("What happened"))
    actor = forms.CharField(required=False, max_length=80, label=_("By"))
    since = forms.DateTimeField(required=False, label=_("From when"))
    until = forms.DateTimeField(required=False, label=_("Until when"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"].choices = _events()

    def clean_since(self) -> datetime | None:
        """A day of this portal's time."""
        return _in_our_time(self.cleaned_data["since"])

    def clean_until(self) -> datetime | None:
        """As the beginning."""
        return _in_our_time(self.cleaned_data["until"])

    def clean_actor(self) -> str:
        """The name of one of staff stands for what they did."""
        actor = self.cleaned_data["actor"].strip()
        if not actor or ":" in actor or actor in ("self", SYSTEM):
            return actor
        return f"{STAFF}{actor}"

    def wanted(self) -> Wanted:
        """What was asked for. The form is valid."""
        data = self.cleaned_data
        user = data["user"]
        return Wanted(
            chain=user.pk if isinstance(user, User) else user or None,
            event=data["event"],
            actor=data["actor"],
            since=data["since"],
            until=data["until"],
        )


class ChainForm(forms.Form):
    """Whose chain is checked."""

    user = _NameField(max_length=150, label=_("User name"))


class EvidenceForm(ReasonForm):
    """Whose evidence is taken along, and why."""

    user = _NameField(max_length=150, label=_("User name"))
    field_order = ("user", "reason", "ticket")

    def clean_user(self) -> User:
        """A client, not the system."""
        user = self.cleaned_data["user"]
        if not isinstance(user, User):
            raise forms.ValidationError(_("Nobody has that user name."))
        return user
