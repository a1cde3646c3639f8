from collections.abc import Mapping

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.client_accounts import algorithms, rules, wording
from accounts.client_accounts.models import Role
from accounts.client_accounts.phones import Switch
from sls.step_up.acts.act import Act


def phones_widen(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    words = {
        Switch.VIEWS_ONLY: _("Let your phones do more than look"),
        Switch.NO_MONEY: _("Let your phones move money again"),
    }.get(fields.get("switch", ""))
    if words is None:
        raise Http404
    return Act(words, reverse("privileges"))


def algorithms_open(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    found = algorithms.find(number=str(kwargs["number"]), by=user_id)
    if found is None:
        raise Http404
    back = reverse("algorithm_accounts")
    if found.role != Role.OWNER:
        return Act("", back, refusal=_("Owners of the account alone can change that."))
    if not rules.may_let_more(found.role, second_name=found.second_name):
        return Act("", back, refusal=wording.first_name_alone())
    words = {
        "algorithm_open": _("Let money leave account %(account)s, which is for algorithms"),
        "algorithm_unmark": _("Make %(account)s an account like others again"),
    }[name]
    return Act(words % {"account": found.account.number}, back)
