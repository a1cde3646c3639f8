"""The sentences about holds."""

from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.challenges.wording import moment
from accounts.holds.models import Why

_WAITS: dict[Why, Promise] = {
    Why.AUTHENTICATOR: _("Wait until %(until)s, because one of your authenticators changed."),
    Why.EMAIL: _("Wait until %(until)s, because one of your e-mail addresses changed."),
    Why.PHONE: _("Wait until %(until)s, because one of your telephone numbers changed."),
    Why.SIM: _("Wait until %(until)s, because a telephone number of yours got a new SIM card."),
}


def waits(why: str, until: datetime) -> str:
    """Until when, in the reader's zone, which is named, and why."""
    local = timezone.localtime(until)
    return str(_WAITS[Why(why)]) % {"until": f"{moment(until)} {local:%Z}"}
