from collections.abc import Mapping

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.approvals import wording
from accounts.approvals.models import Request, State
from sls.step_up.acts.act import Act


def support_approve(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    asked = Request.objects.filter(pk=kwargs["pk"], user_id=user_id, state=State.OPEN).first()
    if asked is None:
        raise Http404
    words = _("Let our support do this: %(act)s") % {"act": wording.act(asked.act)}
    return Act(words, reverse("support_requests"))
