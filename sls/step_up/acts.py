"""The sensitive actions: what each does in words, and which telephone number it changes.

An action that is not in the table is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from accounts.contacts import services as contacts
from accounts.contacts import wording as contact_wording
from accounts.contacts.kinds import KINDS, PHONE
from accounts.contacts.rules import Refusal, shown_phone
from sls.methods import finding
from sls.methods.dsc_plus.models import CardDevice


@dataclass(frozen=True, slots=True)
class Act:
    """``words`` say what will be done; ``back`` is the page to return to.

    ``phone`` is the id of the number that is being changed, which cannot prove the change;
    ``device`` the persistent id of the authenticator that is, which does not if another can.
    ``refusal`` says why the act would be refused anyway, so that nobody proves in vain.
    """

    words: str
    back: str
    phone: int | None = None
    device: str = ""
    refusal: str = ""


def describe(*, user_id: int, action: str, path: str, fields: Mapping[str, str]) -> Act:
    """The act that posting ``fields`` to ``path`` is.

    Raises ``KeyError`` for an unknown action and ``Http404`` for a thing the user does not have.
    """
    match = resolve(path.partition("?")[0])
    return ACTS[action](user_id, match.url_name, match.kwargs, fields)


def _contacts_change(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    kind = KINDS[kwargs["kind"]]
    back = reverse(f"{kind.name}s")
    if "pk" not in kwargs:
        return _contact_added(user_id, kind, fields, back)
    contact = kind.model.objects.filter(user_id=user_id, pk=kwargs["pk"]).first()
    if contact is None:
        raise Http404
    refusal = contacts.refusal_to_remove(contact) if name.endswith("_remove") else None
    if refusal is not None:
        return Act("", back, refusal=contact_wording.of_refusal(refusal, kind))
    phone = contact.pk if kind is PHONE else None
    words = {
        "phone_primary": _("Send security codes to %(contact)s first (primary number)"),
        "phone_remove": _("Remove the telephone number %(contact)s"),
        "email_primary": _("Make %(contact)s the primary e-mail address"),
        "email_remove": _("Remove the e-mail address %(contact)s"),
    }[name]
    return Act(words % {"contact": contact.shown}, back, phone)


def _contact_added(user_id: int, kind, fields: Mapping[str, str], back: str) -> Act:
    if kind is PHONE:
        value = contacts.read_phone(user_id=user_id, typed=fields.get("number", ""))
        words, shown = _("Add the telephone number %(contact)s"), shown_phone
    else:
        value = contacts.read_email(user_id=user_id, typed=fields.get("email", ""))
        words, shown = _("Add the e-mail address %(contact)s"), str
    if isinstance(value, Refusal):
        return Act("", back, refusal=contact_wording.of_refusal(value, kind))
    return Act(words % {"contact": shown(value)}, back)


def _device_add(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    method = finding.method_of(kwargs["method"])
    words, shown = _("Add an authenticator: %(name)s"), str(method.label)
    if "pk" in kwargs:
        if not method.permanent:
            raise Http404  # a set of codes is renewed, which asks for more
        words, shown = _("Replace %(name)s by a new one"), finding.find(user_id, **kwargs).name
    return Act(words % {"name": shown}, reverse("devices"))


def _codes_renew(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    return Act(
        _("Make new backup codes, so that the present ones stop working"), reverse("devices")
    )


def _device_remove(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    device = finding.find(user_id, **kwargs)
    words = _("Remove %(name)s, so that it signs nobody in any more")
    return Act(words % {"name": device.name}, reverse("devices"), device=device.persistent_id)


def _sms_switch(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    words = {
        "sms_on": _("Sign in by text message or voice call again"),
        "sms_off": _("Switch off signing in by text message or voice call"),
    }[name]
    return Act(words, reverse("devices"))


def _card_request(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    words = _("Order a Digital Security Card+, for which %(amount)s are held on your account")
    return Act(words % {"amount": f"USD {settings.CARD_RESERVE_USD}"}, reverse("card_request"))


def _card_pin(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    device = _card(user_id, kwargs)
    back = reverse("card", args=[device.pk])
    return Act(_("Change the PIN of your card %(card)s") % {"card": device.card.masked}, back)


def _card_found(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    device = _card(user_id, kwargs)
    back = reverse("card", args=[device.pk])
    words = _("Use your card %(card)s again, which was reported as lost")
    return Act(words % {"card": device.card.masked}, back, device=device.persistent_id)


def _card_share(
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


ACTS: dict[str, Callable[..., Act]] = {
    "backup_codes.renew": _codes_renew,
    "card.found": _card_found,
    "card.pin": _card_pin,
    "card.request": _card_request,
    "card.share": _card_share,
    "contacts.change": _contacts_change,
    "device.add": _device_add,
    "device.remove": _device_remove,
    "sms.switch_off": _sms_switch,
}
