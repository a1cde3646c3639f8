"""Wrong passwords and wrong codes of one session, counted together so that the owner hears of it.

What they close is counted elsewhere: failures of the password in lockout, of a code by its
authenticator.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import Origin
from accounts.users.models import User
from sls.step_up import rules

FAILED = (Event.PASSWORD_FAILED, Event.IDENTITY_FAILED)
DAY = timedelta(hours=24)


def tell_if_repeated(*, user: User, action: str, origin: Origin) -> None:
    """Records, and so tells, every fifth failure of the session.

    The failure itself is recorded already; the caller holds the user's lock.
    """
    failed = Entry.objects.filter(
        user=user,
        at__gt=timezone.now() - DAY,
        event__in=FAILED,
        origin__session=origin.session[:12],
    )
    count = failed.count()
    if count and count % rules.REPEATED == 0:
        detail = {"action": action, "failures": count}
        audit.record(Event.IDENTITY_REFUSED, user=user, origin=origin, detail=detail)


def after_password(*, user_id: int, action: str, origin: Origin) -> None:
    """The same after a wrong password, which was recorded where passwords are proven."""
    with transaction.atomic():
        tell_if_repeated(user=audit.lock(user_id), action=action, origin=origin)
