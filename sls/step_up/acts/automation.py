from collections.abc import Mapping

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.automation import services, wording
from sls.step_up.acts.act import Act


def rule_remove(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    row = services.of_user(user_id).filter(pk=kwargs["pk"]).first()
    if row is None:
        raise Http404
    words = _("Remove the rule for automation: %(rule)s") % {"rule": wording.of(row)}
    return Act(words, reverse("automation_rules"))
