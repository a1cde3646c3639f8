from collections.abc import Mapping

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.contacts import changes, undoing, wording
from accounts.contacts import services as contacts
from accounts.contacts.kinds import KINDS, PHONE, Kind
from accounts.contacts.rules import Refusal, shown_phone, standing
from sls.step_up.acts.act import Act


def contacts_change(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    kind = KINDS[kwargs["kind"]]
    back = reverse(f"{kind.name}s")
    if "pk" not in kwargs:
        return _contact_added(user_id, kind, fields, back)
    if name.endswith("_undo"):
        return _undone(user_id, kind, kwargs, back)
    contact = kind.model.objects.filter(user_id=user_id, pk=kwargs["pk"]).first()
    if contact is None:
        raise Http404
    refusal = contacts.refusal_to_remove(contact) if name.endswith("_remove") else None
    if refusal is not None:
        return Act("", back, refusal=wording.of_refusal(refusal, kind))
    phone = contact.pk if kind is PHONE else None
    words = {
        "phone_primary": _("Send security codes to %(contact)s first (primary number)"),
        "phone_take": _("Take the telephone number %(contact)s from our support"),
        "email_take": _("Take the e-mail address %(contact)s from our support"),
        "phone_remove": _("Remove the telephone number %(contact)s"),
        "email_primary": _("Make %(contact)s the primary e-mail address"),
        "email_remove": _("Remove the e-mail address %(contact)s"),
    }[name]
    return Act(words % {"contact": contact.shown}, back, phone)


def _undone(user_id: int, kind: Kind, kwargs: Mapping[str, object], back: str) -> Act:
    change, now = changes.find(kwargs["pk"], user_id=user_id, kind=kind), timezone.now()
    if change is None:
        raise Http404
    refusal = standing(now, until=change.until, undone_at=change.undone_at)
    if refusal is not None:
        return Act("", back, refusal=wording.of_refusal(refusal, kind))
    taken_back = [wording.will_be(step, whole=True) for step in undoing.steps(change, now)]
    words = _("Undo a change: %(what)s") % {"what": " ".join(taken_back)}
    return Act(words, back, change.contact if kind is PHONE else None)


def _contact_added(user_id: int, kind, fields: Mapping[str, str], back: str) -> Act:
    if kind is PHONE:
        value = contacts.read_phone(user_id=user_id, typed=fields.get("number", ""))
        words, shown = _("Add the telephone number %(contact)s"), shown_phone
    else:
        value = contacts.read_email(user_id=user_id, typed=fields.get("email", ""))
        words, shown = _("Add the e-mail address %(contact)s"), str
    if isinstance(value, Refusal):
        return Act("", back, refusal=wording.of_refusal(value, kind))
    return Act(words % {"contact": shown(value)}, back)
