"""What every act of staff asks for."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.approvals import rules
from accounts.outbox.models import Channel
from accounts.users.models import User

TICKET = re.compile(r"[A-Z]{2,6}-[0-9]{1,12}")


CHOOSE = {"required": _("Choose which one.")}


def choose_one(choices: list[tuple[str, str]]) -> list[tuple[str, Any]]:
    """The choices behind an empty one, so that nothing is taken unchosen; none where there is
    nothing to choose."""
    return [("", _("Choose one")), *choices] if choices else []


class ReasonForm(forms.Form):
    """Why, and the ticket: for what concerns no client."""

    reason = forms.CharField(
        max_length=rules.REASON_MAX,
        min_length=8,
        label=_("Reason"),
        error_messages={
            "required": _("Say why, in a few words."),
            "min_length": _("Say why, in a few words."),
        },
    )
    ticket = forms.CharField(
        max_length=rules.TICKET_MAX,
        label=_("Ticket number"),
        help_text=_("For example SUP-1234."),
        error_messages={"required": _("Give the number of the ticket, such as SUP-1234.")},
    )
    field_order: tuple[str, ...] = ()

    def clean_reason(self) -> str:
        """One line without what is invisible."""
        return " ".join(self.cleaned_data["reason"].split())

    def clean_ticket(self) -> str:
        """The ticket as it is filed."""
        ticket = self.cleaned_data["ticket"].strip().upper()
        if not TICKET.fullmatch(ticket):
            raise forms.ValidationError(_("A ticket number looks like SUP-1234."))
        return ticket


class ToldForm(ReasonForm):
    """Why, and the ticket, where the client is told the reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.help_text = _("The client reads it. Nothing that is for staff alone.")
        told = _("Say why, in a few words: the client reads it.")
        reason.error_messages |= {"required": told, "min_length": told}


class ActForm(ToldForm):
    """What an act asks for before its reason and ticket. ``client`` is whom it is for."""

    def __init__(self, *args: Any, client: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client
        self.order_fields([name for name in self.fields if name not in ("reason", "ticket")])

    @classmethod
    def worded(cls, values: dict[str, Any], *, client: User) -> list[tuple[str, str]]:
        """What was asked for, in words, for whoever decides."""
        form = cls(client=client)
        said = []
        for name, value in values.items():
            field = form.fields.get(name)
            choices = {str(key): str(text) for key, text in getattr(field, "choices", ())}
            label = str(field.label) if field else name
            said.append((label, choices.get(str(value), str(value))))
        return said

    def values(self) -> dict[str, Any]:
        """What the act itself asked for, as JSON holds it."""
        own = {"reason", "ticket"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}


class DeliveryForm(ActForm):
    """By text message or by call."""

    delivery = forms.ChoiceField(
        label=_("How"),
        choices=[(one.value, one.label) for one in (Channel.SMS, Channel.VOICE)],
        widget=forms.RadioSelect,
        initial=Channel.SMS.value,
    )
