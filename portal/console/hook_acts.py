"""What a security officer does to an endpoint of webhooks: each a form with reason and ticket."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.outbox.hooks import rules, services
from accounts.outbox.hooks.models import Hook
from portal.console.acts.base import CannotAct
from portal.console.forms import ReasonForm
from portal.console.hook_forms import ChooseForm, DropKeyForm, KeyForm, PlainForm


def _alone(_form: ReasonForm) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class HookAct:
    """``asks`` says by which act a second person is asked for what was typed, "" where one may act
    alone; then ``do`` returns a sentence for staff. It raises ``CannotAct``."""

    code: str
    title: Promise
    about: Promise
    form: Callable[..., ReasonForm]
    do: Callable[[Hook, dict[str, Any]], str]
    asks: Callable[[Any], str] = _alone
    grave: bool = False


def _choose(hook: Hook, values: dict[str, Any]) -> str:
    changed = services.choose(pk=hook.pk, only_less=True, **values)
    return _("Saved.") if changed else _("Nothing was changed.")


def _widens(form: ChooseForm) -> str:
    return "hook_widen" if form.widens else ""


def _never_alone(_hook: Hook, _values: dict[str, Any]) -> str:
    raise ValueError("a key takes two")


def _key(form: KeyForm) -> str:
    if form.hook.keys.count() >= rules.KEYS_MOST:
        raise CannotAct(_("There are two keys already. Remove the older one first."))
    return "hook_key"


def _drop_key(hook: Hook, values: dict[str, Any]) -> str:
    try:
        gone = services.drop_key(pk=hook.pk, **values)
    except services.LastKey:
        raise CannotAct(_("This is the only key. Add another first.")) from None
    return _("The key signs nothing any more.") if gone else _("Nothing was changed.")


def _test(hook: Hook, values: dict[str, Any]) -> str:
    if hook.off:
        raise CannotAct(_("The endpoint is switched off. Switch it on first."))
    services.test(pk=hook.pk, **values)
    return _("A test is on its way. What became of it stands below.")


ACTS = {
    act.code: act
    for act in (
        HookAct(
            "choose",
            gettext_lazy("Change events"),
            gettext_lazy(
                "Which events it takes, and whether it takes any. What would let it take more "
                "waits for a second person."
            ),
            ChooseForm,
            _choose,
            _widens,
        ),
        HookAct(
            "test",
            gettext_lazy("Send a test"),
            gettext_lazy("An event that means nothing, about nobody, signed like all others."),
            PlainForm,
            _test,
        ),
        HookAct(
            "key",
            gettext_lazy("Add a key"),
            gettext_lazy(
                "A second one, which signs beside the first. Give it to the receiver, then remove "
                "the older one. A second person decides."
            ),
            KeyForm,
            _never_alone,
            _key,
        ),
        HookAct(
            "drop",
            gettext_lazy("Remove a key"),
            gettext_lazy("A receiver that knows only this one believes nothing any more."),
            DropKeyForm,
            _drop_key,
            grave=True,
        ),
    )
}
