"""Acts about what is known of a client."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.contacts import kinds
from accounts.contacts import services as contacts
from accounts.contacts import wording as contact_words
from accounts.contacts.rules import Refusal
from accounts.sessions import closing
from portal.console.acts.base import CannotAct, Doing
from portal.console.forms import ActForm

PHONE, EMAIL = "phone", "email"


class ContactForm(ActForm):
    """A number or an address that the client has told us."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[
            (PHONE, gettext_lazy("Mobile number")),
            (EMAIL, gettext_lazy("E-mail address")),
        ],
        widget=forms.RadioSelect,
    )
    value = forms.CharField(
        label=gettext_lazy("New number or address"),
        max_length=254,
        error_messages={"required": gettext_lazy("Type the number or the address.")},
    )

    def clean(self) -> dict:
        """Judged as if the client had typed it; nothing is written yet."""
        cleaned = super().clean()
        kind, typed = cleaned.get("kind"), cleaned.get("value")
        if kind and typed:
            read = contacts.read_phone if kind == PHONE else contacts.read_email
            value = read(user_id=self.client.pk, typed=typed)
            if isinstance(value, Refusal):
                self.add_error("value", _refused(value, kind))
            else:
                cleaned["value"] = value
        return cleaned


def correct_contact(doing: Doing) -> str:
    """Puts it on the list, unverified: nothing is sent there before the client, signed in, takes it
    by a fresh proof and verifies it. Staff choose no way in (SECURITY 6.4.6)."""
    add = contacts.add_phone if doing.values["kind"] == PHONE else contacts.add_email
    made = add(
        user_id=doing.user.pk,
        typed=doing.values["value"],
        origin=doing.origin,
        suggested=True,
    )
    if isinstance(made, Refusal):
        raise CannotAct(_refused(made, doing.values["kind"]))
    return _("%(contact)s is on the list. The client verifies it after signing in.") % {
        "contact": made.masked
    }


def _refused(refusal: Refusal, kind: str) -> str:
    return contact_words.of_refusal(refusal, kinds.PHONE if kind == PHONE else kinds.EMAIL)


def close(doing: Doing) -> str:
    """Nobody signs in with this name any more; the record stays."""
    if not closing.close(
        user=doing.user, reason=doing.noted, actor=doing.actor, origin=doing.origin
    ):
        raise CannotAct(_("It is closed already."))
    return _("The user name is closed.")
