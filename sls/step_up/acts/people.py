from collections.abc import Mapping

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.client_accounts import people, wording
from accounts.client_accounts.models import Membership, Role
from sls.step_up.acts.act import Act


def users_change(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    back, role = reverse("account_users"), fields.get("role", "")
    if "pk" in kwargs:
        return _changed(user_id, name, kwargs, role, back)
    if not people.managed_accounts(user_id).filter(number=kwargs["number"]).exists():
        raise Http404
    words = {
        "account_users_add": _("Let %(name)s act on account %(account)s (%(role)s)"),
        "account_users_invite": _("Make a user name %(name)s for account %(account)s (%(role)s)"),
    }[name]
    shown = {"name": fields.get("username", "")[:64], "account": kwargs["number"]}
    return Act(words % {**shown, "role": _label(role)}, back)


def _changed(user_id: int, name: str, kwargs: Mapping[str, object], role: str, back: str) -> Act:
    one = people.find(kwargs["pk"], by=user_id)
    if one is None:
        raise Http404
    is_removal = name == "account_user_remove"
    if not is_removal and role not in Role.values:
        return Act("", reverse("account_user", args=[one.pk]), refusal=_("Choose a role."))
    refusal = people.refusal_to(membership=one, role=None if is_removal else Role(role), by=user_id)
    if refusal is not None:
        return Act("", back, refusal=wording.of_refusal(refusal, one.account))
    return Act(_words(one, role, is_removal=is_removal), back)


def _words(one: Membership, role: str, *, is_removal: bool) -> str:
    shown = {"name": one.user.username, "account": one.account.number, "role": _label(role)}
    if is_removal:
        return _("Take %(name)s off account %(account)s") % shown
    return _("Change the role of %(name)s on account %(account)s to: %(role)s") % shown


def _label(role: str) -> str:
    return str(Role(role).label) if role in Role.values else "?"
