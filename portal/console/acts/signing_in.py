"""Acts about getting in: pauses, sessions, codes that did not come, the temporary passcode."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.contacts import marking
from accounts.contacts.models import LineType, PhoneNumber
from accounts.outbox.models import Channel
from accounts.sessions import services as sessions
from accounts.sessions.models import End
from accounts.users.models import User
from portal.console.acts.base import CannotAct, Doing
from portal.console.forms import ActForm
from sls.login import support
from sls.login.unlock import unlock as lift_pause
from sls.methods.temporary_passcode import services as passcodes
from sls.methods.temporary_passcode import wording
from sls.methods.temporary_passcode.rules import Refusal


def unlock(doing: Doing) -> str:
    """Forgets wrong passwords."""
    cleared = lift_pause(
        user=doing.user, reason=doing.noted, actor=doing.actor, origin=doing.origin
    )
    return _("The pause is lifted.") if cleared else _("Nothing was paused.")


def end_sessions(doing: Doing) -> str:
    """Ends every session on every platform."""
    count = sessions.close_all(user=doing.user, why=End.CLOSED, origin=doing.origin)
    words = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", count)
    return words % {"count": count}


def resend(doing: Doing) -> str:
    """The code of the sign-in that is open, to the number it went to; staff see neither."""
    refusal = support.resend(
        user=doing.user, delivery=Channel(doing.values["delivery"]), origin=doing.origin
    )
    if refusal:
        raise CannotAct(refusal)
    return _("The code is on its way, to the number it was meant for.")


class NumberForm(ActForm):
    """Which number, and what is known of it."""

    phone = forms.ChoiceField(label=gettext_lazy("Number"))
    mark = forms.ChoiceField(
        label=gettext_lazy("How it can be reached"),
        choices=[
            ("landline", gettext_lazy("A landline: calls only")),
            ("no_sms", gettext_lazy("Takes no text messages: calls only")),
            ("mobile", gettext_lazy("A mobile number that takes text messages")),
        ],
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        rows = PhoneNumber.objects.filter(user=self.client).order_by("pk")
        self.fields["phone"].choices = [(str(row.pk), row.masked) for row in rows]


def mark_number(doing: Doing) -> str:
    """What the carrier did not say, or said wrongly."""
    if not marking.mark(
        user=doing.user,
        pk=int(doing.values["phone"]),
        line_type=LineType.LANDLINE if doing.values["mark"] == "landline" else LineType.MOBILE,
        refuses_sms=doing.values["mark"] == "no_sms",
        origin=doing.origin,
        actor=doing.actor,
    ):
        raise CannotAct(_("The number is not on the list any more."))
    return _("Noted. Codes go the way that works from now on.")


def no_passcode(user: User) -> str:
    """Why the client gets none now."""
    refusal = passcodes.refusal_to_issue(user)
    return wording.of_refusal(refusal) if refusal else ""


def passcode(doing: Doing) -> str:
    """To the verified number; staff never see it."""
    made = passcodes.issue(
        user=doing.user,
        by=doing.two,
        delivery=Channel(doing.values["delivery"]),
        reason=doing.noted,
        origin=doing.origin,
    )
    if isinstance(made, Refusal):
        raise CannotAct(wording.of_refusal(made))
    return _("The temporary passcode is on its way to the client’s verified number.")


def resend_passcode(doing: Doing) -> str:
    """The same one, once more."""
    refusal = passcodes.resend(
        user=doing.user,
        delivery=Channel(doing.values["delivery"]),
        reason=doing.noted,
        origin=doing.origin,
        actor=doing.actor,
    )
    if refusal is not None:
        raise CannotAct(wording.of_refusal(refusal))
    return _("The temporary passcode is on its way again.")


def withdraw_passcode(doing: Doing) -> str:
    """It opens nothing any more, and what it opened ends."""
    if not passcodes.withdraw(
        user=doing.user, reason=doing.noted, origin=doing.origin, actor=doing.actor
    ):
        raise CannotAct(_("This client has no temporary passcode."))
    return _("The temporary passcode is withdrawn.")
