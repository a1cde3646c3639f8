from collections.abc import Mapping

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from sls.methods.dsc_plus.models import CardDevice
from sls.step_up.acts.act import Act


def card_request(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    words = _("Order a Digital Security Card+, for which %(amount)s are held on your account")
    return Act(words % {"amount": f"USD {settings.CARD_RESERVE_USD}"}, reverse("card_request"))


def card_pin(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    device = _card(user_id, kwargs)
    back = reverse("card", args=[device.pk])
    return Act(_("Change the PIN of your card %(card)s") % {"card": device.card.masked}, back)


def card_found(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    device = _card(user_id, kwargs)
    back = reverse("card", args=[device.pk])
    words = _("Use your card %(card)s again, which was reported as lost")
    return Act(words % {"card": device.card.masked}, back, device=device.persistent_id)


def card_share(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    if "pk" not in kwargs:
        return Act(
            _("Let a security card of another user name of yours serve this one too"),
            reverse("devices"),
        )
    device = _card(user_id, kwargs)
    words = _("Take your card %(card)s away from another user name of yours")
    return Act(words % {"card": device.card.masked}, reverse("card", args=[device.pk]))


def _card(user_id: int, kwargs: Mapping[str, object]) -> CardDevice:
    mine = CardDevice.objects.filter(user_id=user_id, confirmed=True, revoked_at=None)
    device = mine.filter(pk=kwargs["pk"]).first()
    if device is None:
        raise Http404
    return device
