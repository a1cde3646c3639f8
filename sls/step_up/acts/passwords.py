from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from sls.step_up.acts.act import Act


def password_change(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    return Act(_("Change your password"), reverse("password"))
