"""Acts about authenticators."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.console.acts.base import CannotAct, Doing
from portal.console.client import devices
from portal.console.forms import CHOOSE, ActForm, choose_one
from sls.devices import support
from sls.methods import unblocking


class DeviceForm(ActForm):
    """Which authenticator, of those in ``states``."""

    states = ("active", "disabled")
    device = forms.ChoiceField(label=gettext_lazy("Authenticator"), error_messages=CHOOSE)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        held = devices(self.client.pk)
        choices = [(one.id, one.label) for one in held if one.state in self.states]
        self.fields["device"].choices = choose_one(choices)


class ActiveForm(DeviceForm):
    """One that can prove something."""

    states = ("active",)


class DisabledForm(DeviceForm):
    """One that takes no answers."""

    states = ("disabled",)


def suspend(doing: Doing) -> str:
    """It takes no answers any more, and what it proved ends; only rights go."""
    label = support.suspend(
        user=doing.user, device=doing.values["device"], origin=doing.origin, actor=doing.actor
    )
    if label is None:
        raise CannotAct(_("It was suspended or removed already."))
    return _("%(device)s takes no answers any more.") % {"device": label}


def revoke(doing: Doing) -> str:
    """Gone for good, with the sessions that it proved."""
    label = support.revoke(user=doing.user, device=doing.values["device"], origin=doing.origin)
    if label is None:
        raise CannotAct(_("It was removed already."))
    return _("%(device)s is removed.") % {"device": label}


def unblock(doing: Doing) -> str:
    """Its wrong answers are forgotten; the next one has to be right as ever."""
    if not unblocking.unblock(
        user=doing.user,
        device=doing.values["device"],
        by=doing.two,
        reason=doing.noted,
        origin=doing.origin,
    ):
        raise CannotAct(_("It takes answers already, or it was removed."))
    return _("It takes answers again.")
