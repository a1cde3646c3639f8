"""Acts about what is stopped, held and restricted."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import references
from accounts.freeze import services as freezes
from accounts.freeze.models import How, Trading
from accounts.holds import support as held_by_us
from accounts.holds.models import What
from accounts.holds.wording import WHAT
from accounts.ip_restrictions import services as restrictions
from accounts.users import two
from accounts.users.models import User
from portal.console.acts.base import CannotAct, Doing
from portal.console.forms import CHOOSE, ActForm, choose_one


class HoldForm(ActForm):
    """What is held, and for how long."""

    what = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[(one.value, WHAT[one]) for one in (What.WITHDRAWALS, What.OPENING, What.TRADING)],
    )
    hours = forms.TypedChoiceField(
        label=gettext_lazy("How long"),
        coerce=int,
        choices=[
            (24, gettext_lazy("24 hours")),
            (72, gettext_lazy("3 days")),
            (168, gettext_lazy("7 days")),
        ],
    )


def hold(doing: Doing) -> str:
    """Stops it for a time; the client is told."""
    made = held_by_us.place(
        user=doing.user,
        what=What(doing.values["what"]),
        hours=doing.values["hours"],
        reason=doing.noted,
        actor=doing.actor,
        origin=doing.origin,
    )
    return _("Held until %(until)s.") % {"until": made.until.strftime("%Y-%m-%d %H:%M UTC")}


class LiftForm(ActForm):
    """Which of the holds of support; those that a change placed end by themselves."""

    hold = forms.ChoiceField(label=gettext_lazy("Hold"), error_messages=CHOOSE)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        rows = held_by_us.placed(self.client.pk)
        self.fields["hold"].choices = choose_one(
            [(str(row.pk), str(WHAT[What(row.what)])) for row in rows]
        )


def lift_hold(doing: Doing) -> str:
    """It goes on again."""
    if not held_by_us.lift(
        user=doing.user,
        pk=int(doing.values["hold"]),
        reason=doing.noted,
        actor=doing.actor,
        origin=doing.origin,
    ):
        raise CannotAct(_("This hold has ended already."))
    return _("The hold is lifted.")


class FreezeForm(ActForm):
    """What becomes of the trading."""

    trading = forms.ChoiceField(
        label=gettext_lazy("Trading"),
        choices=Trading.choices,
        initial=Trading.CLOSE_ONLY.value,
        widget=forms.RadioSelect,
    )


def freeze(doing: Doing) -> str:
    """Everything stops at once."""
    made = freezes.freeze(
        user_id=doing.user.pk,
        origin=doing.origin,
        how=How.STAFF,
        trading=Trading(doing.values["trading"]),
        actor=doing.actor,
        reason=doing.noted,
    )
    return _("Everything is stopped. Reference for the client: %(reference)s") % {
        "reference": made.shown
    }


class ThawForm(ActForm):
    """It holds for the stop that is on when it is asked for, and for no later one."""

    def values(self) -> dict[str, str]:
        """The reference of that stop."""
        running = freezes.live(self.client.pk)
        return {"freeze": running.reference if running else ""}

    @classmethod
    def worded(cls, values: dict[str, str], **_client: object) -> list[tuple[str, str]]:
        """The reference, as people read it."""
        return [(str(_("Reference")), references.shown(values.get("freeze", "")))]


def nothing_stopped(user: User) -> str:
    """Why there is nothing to let go on."""
    return "" if freezes.is_frozen(user) else _("Nothing is stopped.")


def thaw(doing: Doing) -> str:
    """Everything goes on again, on the word of two."""
    running = freezes.live(doing.user.pk)
    if running is None or running.reference != doing.values.get("freeze"):
        raise CannotAct(_("The stop that this was asked for is over. There may be another."))
    by = two.actor(doing.two, on=doing.user)
    freezes.thaw(user_id=doing.user.pk, origin=doing.origin, by=by, reason=doing.noted)
    return _("Everything goes on again.")


def ip_rule(doing: Doing) -> str:
    """The whole list goes, for somebody who is shut out."""
    count = restrictions.lift(
        user=doing.user, reason=doing.noted, actor=doing.actor, origin=doing.origin
    )
    words = ngettext("%(count)d entry was removed.", "%(count)d entries were removed.", count)
    return words % {"count": count}
