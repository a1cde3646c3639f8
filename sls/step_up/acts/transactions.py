from collections.abc import Mapping

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.transactions import rules, wording
from accounts.transactions.models import Transaction
from sls.step_up.acts.act import Act


def confirm(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    found = Transaction.objects.filter(user_id=user_id, reference=kwargs["reference"]).first()
    if found is None:
        raise Http404
    back = reverse("transaction", args=[found.reference])
    if not rules.may_answer(found.state, mine=True):
        return Act("", back, refusal=_("It takes no answer any more."))
    words = _("Confirm that this transaction is yours: %(kind)s, %(money)s, %(what)s") % {
        "kind": found.get_kind_display(),
        "money": wording.money(found),
        "what": found.what,
    }
    return Act(words, back)
