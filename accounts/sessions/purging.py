from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.sessions import browsers
from accounts.sessions.models import KnownDevice, Session


def purge() -> int:
    """Deletes sessions that were over ``SESSION_KEEP_DAYS`` ago, and browsers whose cookie is gone.

    What happened in them stays in the audit, and what last worked in a browser, and its token, with
    the browser. Returns how many rows there were.
    """
    now = timezone.now()
    old = Session.objects.filter(expires_at__lt=now - timedelta(days=settings.SESSION_KEEP_DAYS))
    gone = KnownDevice.objects.filter(
        last_at__lt=now - timedelta(seconds=settings.DEVICE_COOKIE_AGE)
    )
    KnownDevice.objects.filter(digest__in=old.exclude(browser="").values("browser")).update(
        authenticator=browsers.authenticator(), token=browsers.token()
    )
    return old.delete()[0] + gone.delete()[0]
