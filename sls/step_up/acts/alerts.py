from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.alerts.wording import act_of
from sls.step_up.acts.act import Act


def alerts_change(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    return Act(act_of(fields.get("choice", "")), reverse("alerts_settings"))


def phrase_change(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    return Act(_("See or change the phrase that our messages carry"), reverse("phrase"))
