from collections.abc import Mapping

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from sls.decisions import services, wording
from sls.step_up.acts.act import Act


def request(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    """Amount and destination are what is proven (PSD2 RTS art. 5)."""
    found = services.find(user_id=user_id, pk=kwargs["withdrawal"])
    if found is None:
        raise Http404
    words = _("Withdraw %(amount)s from account %(account)s to %(destination)s") % {
        "amount": wording.amount(found),
        "account": found.account,
        "destination": wording.destination(found),
    }
    return Act(words, reverse("withdrawal_prove", args=[found.pk]))
