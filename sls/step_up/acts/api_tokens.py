from collections.abc import Mapping

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.api_tokens import services
from accounts.api_tokens.forms import TokenForm
from accounts.api_tokens.models import ApiToken
from sls.step_up.acts.act import Act


def token_create(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    if name == "api_token_new":
        words = _("Issue an API token: %(name)s") % {"name": fields.get("name", "")[:60]}
        # What would be refused anyway is said before anybody proves anything.
        form = TokenForm(fields, private=True, accounts=services.apart(user_id))
        refusal = "" if form.is_valid() else next(iter(form.errors.values()))[0]
        return Act(words, reverse("api_token_new"), refusal=str(refusal))
    row = ApiToken.objects.filter(pk=kwargs["pk"], user=user_id).first()
    if row is None:
        raise Http404
    words = _("Renew the API token %(name)s") % {"name": row.name}
    return Act(words, reverse("api_token", args=[row.pk]))


def automation_resume(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    words = {
        "automation_resume": _("Let programs call again"),
        "automation_handle": _("Change when automation pauses by itself"),
    }[name]
    return Act(words, reverse("api_tokens"))
