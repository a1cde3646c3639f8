"""One trading session a user name: a second one takes the place of the first, or does not begin.

Nothing is told of another session before everything is proven. Then the attempt waits for a short
time for the word that the other one is to end; the code is used up by then, so the same answer is
what is sent again, and a wrong one ends the attempt (DOMAIN 1.19, C16).
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.origin import Origin
from accounts.sessions import rules as session_rules
from accounts.sessions import services as sessions
from accounts.sessions.models import End, Session
from accounts.users.models import User
from sls.login.models import Attempt
from sls.login.rules import Why

NOTHING_TYPED = "approved"  # by the phone: there is nothing to type again


def stands_in_the_way(attempt: Attempt) -> bool:
    """Whether the user is signed in on a trading platform, and wants to be on another. One query,
    and none on other platforms."""
    if attempt.platform not in session_rules.TRADING:
        return False
    now = timezone.now()
    rows = Session.objects.filter(
        user=attempt.user_id,
        platform__in=session_rules.TRADING,
        ended_at=None,
        expires_at__gt=now,
    )
    return any(
        not session_rules.ended(
            now, seen_at=row.seen_at, idle_seconds=row.idle_seconds, expires_at=row.expires_at
        )
        for row in rows
    )


def end_others(attempt: Attempt, user: User, *, origin: Origin) -> None:
    """Ends what is left of the user's other trading sessions; nothing for an attempt on another
    platform. The caller holds the user's lock."""
    if attempt.platform in session_rules.TRADING:
        platforms = session_rules.TRADING
        sessions.close_all(user=user, why=End.TAKEN_OVER, origin=origin, platforms=platforms)


def wait(attempt: Attempt, text: str) -> None:
    """The attempt waits to be told to take over, with the answer ``text`` once more."""
    until = timezone.now() + timedelta(seconds=settings.TAKE_OVER_LIFE)
    attempt.proven = NOTHING_TYPED if text == NOTHING_TYPED else _sign(attempt, text)
    attempt.expires_at = min(attempt.expires_at, until)
    attempt.save(update_fields=["proven", "expires_at"])


def is_same(attempt: Attempt, text: str) -> bool:
    """Whether ``text`` is what was right before."""
    if attempt.proven == NOTHING_TYPED:
        return True
    return constant_time_compare(attempt.proven, _sign(attempt, text))


def give_up(attempt: Attempt) -> None:
    """Ends the attempt: what was sent is not what was right."""
    attempt.ended_at, attempt.ended_why = timezone.now(), Why.EXPIRED
    Attempt.objects.filter(pk=attempt.pk, ended_at=None).update(
        ended_at=attempt.ended_at, ended_why=attempt.ended_why
    )


def _sign(attempt: Attempt, text: str) -> str:
    return salted_hmac(f"taking over {attempt.pk}", text.strip(), algorithm="sha256").hexdigest()
