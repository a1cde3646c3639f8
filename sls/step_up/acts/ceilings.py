from collections.abc import Mapping

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.ceilings import services, wording
from accounts.ceilings.forms import CeilingsForm
from accounts.client_accounts.wording import first_name_alone
from sls.step_up.acts.act import Act


def ceilings_raise(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    account = services.owned(user_id).filter(number=kwargs["number"]).first()
    if account is None:
        raise Http404
    back, form = reverse("ceiling", args=[account.number]), CeilingsForm(fields)
    if not form.is_valid():
        return Act("", back, refusal=str(next(iter(form.errors.values()))[0]))
    if not services.may_raise(account, by=user_id):
        return Act("", back, refusal=first_name_alone())
    said = ", ".join(
        f"{wording.NAMES[kind]}: {wording.amount(kind, value)}"
        for kind, value in form.wanted.items()
    )
    words = _("Set the ceilings of account %(account)s: %(ceilings)s")
    return Act(words % {"account": account.number, "ceilings": said}, back)
