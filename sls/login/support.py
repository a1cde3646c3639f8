"""What support does for somebody who is signing in, without seeing what they see."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users.models import User
from sls.login import again
from sls.login.models import Attempt


def resend(*, user: User, delivery: Channel, origin: Origin) -> str:
    """Sends the code of the sign-in that is open once more, to the number it is meant for, under
    the same spacing and caps as if the client had asked. Returns why it was not sent, "" when it
    is on its way."""
    rows = Attempt.objects.filter(
        user=user, ended_at=None, expires_at__gt=timezone.now(), challenge__isnull=False
    )
    attempt = rows.select_related("user", "challenge").order_by("-created_at").first()
    if attempt is None:
        return _("No sign-in of this client waits for a code now.")
    problem = again.resend(attempt, channel=delivery, origin=origin)
    return problem.text if problem is not None else ""
