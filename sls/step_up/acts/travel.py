from collections.abc import Mapping

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.users.models import User
from sls.step_up.acts.act import Act
from sls.travel import wording
from sls.travel.forms import NoticeForm
from sls.travel.models import Notice


def announce(
    user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
) -> Act:
    back = reverse("travel")
    form = NoticeForm(fields, user=User.objects.get(pk=user_id))
    if not form.is_valid():
        first = next(iter(form.errors.values()))
        return Act("", back, refusal=str(first[0]))
    words = _("Announce a journey: %(countries)s, %(days)s") % {
        "countries": wording.listed(form.cleaned_data["countries"]),
        "days": wording.span(form.days),
    }
    return Act(words, back)


def end(user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]) -> Act:
    notices = Notice.objects.in_hand(timezone.now()).filter(user_id=user_id)
    notice = notices.filter(pk=kwargs["pk"]).first()
    if notice is None:
        raise Http404
    words = _("End the travel notice of %(days)s") % {"days": wording.days(notice)}
    return Act(words, reverse("travel_notice", args=[notice.pk]))
