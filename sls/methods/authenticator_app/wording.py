"""What is said of an app besides what is said of every code."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.challenges.wording import clock


def is_asked(until: datetime) -> str:
    """Why the app signs in nowhere for a few minutes."""
    return _(
        "Our staff are asking for a code of this app on the telephone, so it works nowhere else "
        "until %(when)s. Are you not talking to us? Then do not read out any code, and call us."
    ) % {"when": clock(until)}
