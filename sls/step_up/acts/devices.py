from collections.abc import Mapping

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from sls.methods import bridging, finding
from sls.methods.online_card import wording
from sls.step_up.acts.act import Act


def device_add(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    method = finding.method_of(kwargs["method"])
    words, shown = _("Add an authenticator: %(name)s"), str(method.label)
    if "pk" in kwargs:
        if not method.permanent:
            raise Http404  # a set of codes is renewed, which asks for more
        words, shown = _("Replace %(name)s by a new one"), finding.find(user_id, **kwargs).name
    return Act(words % {"name": shown}, reverse("devices"))


def ib_key_invite(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    return Act(_("Activate IB Key on a phone"), reverse("ib_key"))


def online_card_make(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    refusal = "" if bridging.is_needed(user_id) else wording.not_now().text
    return Act(_("Make an online security code card"), reverse("online_card"), refusal=refusal)


def codes_renew(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    return Act(
        _("Make new backup codes, so that the present ones stop working"), reverse("devices")
    )


def device_remove(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    device = finding.find(user_id, **kwargs)
    words = _("Remove %(name)s, so that it signs nobody in any more")
    return Act(words % {"name": device.name}, reverse("devices"), device=device.persistent_id)


def sms_switch(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    words = {
        "sms_on": _("Sign in by text message or voice call again"),
        "sms_off": _("Switch off signing in by text message or voice call"),
    }[name]
    return Act(words, reverse("devices"))
