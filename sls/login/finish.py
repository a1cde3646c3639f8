"""The end of a sign-in: the session, and everything that becomes true with it."""

import functools
import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.lockout import services as lockout
from accounts.origin import Origin, digest
from accounts.prepared import Update, prepared_update
from accounts.sessions import services as sessions
from accounts.users.models import User
from sls.login import wording
from sls.login.models import Attempt
from sls.login.rules import Why, on_completion
from sls.login.steps import Done, Refused
from sls.methods import registry
from sls.methods.device import row_id
from sls.methods.sms import services as sms
from sls.policy import services as policy


def finish(attempt: Attempt, *, origin: Origin) -> Done | Refused:
    """Opens the session of an attempt whose answer was right.

    Everything is decided anew: in the meantime the user may have been closed, the authenticator
    revoked, or the attempt used or cancelled (CVE-2026-95754). The used code is not given back.
    """
    challenge = attempt.challenge
    with transaction.atomic():
        user = policy.lock(attempt.user_id)
        standing, strength = policy.standing(user), registry.get(challenge.method).strength
        now = timezone.now()
        why = on_completion(
            active=user.is_active,
            strength=strength,
            least=standing.least,
            holds_strong=user.holds_strong,
        )
        ended = _end(challenge.method)(
            digest=attempt.pk,
            now=now,
            why=why,
            device=row_id(challenge.device),
            user_id=challenge.user_id,
        )
        if ended != 1:
            return Refused(Why.EXPIRED, wording.refused(Why.EXPIRED))
        if why is not Why.DONE:
            audit.record(Event.SIGN_IN_REFUSED, user=user, origin=origin, detail={"why": why})
            return Refused(why, wording.refused(why))
        if attempt.enrolling:
            _complete_enrolment(user, challenge.device, origin)
        if attempt.had_failures:
            # The count under which this password was judged; strangers keep theirs.
            known = origin.device if attempt.known_device else ""
            lockout.clear(lockout.key_of(user.username, known))
        token, (browser, cookie) = secrets.token_urlsafe(32), _remember(attempt, user, origin)
        session = sessions.open_session(
            user=user,
            token=token,
            origin=origin,
            device=challenge.device,
            method=challenge.method,
            public_computer=attempt.public_computer,
            browser=browser,
            enrol_only_from=standing.enrol_only_from(
                strength=strength, holds_strong=user.holds_strong
            ),
        )
        new = not (attempt.known_device or attempt.enrolling)
        audit.record(
            Event.SIGNED_IN_NEW_DEVICE if new else Event.SIGNED_IN,
            user=user,
            origin=origin,
            detail={"method": challenge.method, "session": session.key[:12]},
        )
    return Done(user, token, challenge.device, attempt.next_path, cookie)


@functools.cache
def _end(method: str) -> prepared_update:
    """Ends a live attempt if its authenticator was not revoked or disabled since it was judged."""

    @prepared_update
    def end(digest: str, now: datetime, why: str, device: int, user_id: int) -> Update:
        proves = registry.still_proves(method, device=device, user_id=user_id)
        live = Attempt.objects.filter(proves, pk=digest, ended_at=None, expires_at__gt=now)
        return live, {"ended_at": now, "ended_why": why}

    return end


def _complete_enrolment(user: User, device: str, origin: Origin) -> None:
    sms.complete(user=user, device_id=device, origin=origin)
    if user.activated_at is None:
        user.activated_at = timezone.now()
        user.save(update_fields=["activated_at"])
        audit.record(Event.ACCOUNT_ACTIVATED, user=user, origin=origin)


def _remember(attempt: Attempt, user: User, origin: Origin) -> tuple[str, str | None]:
    """Makes the browser known; returns its digest, "" where it is not remembered, and a cookie for
    it if it has none of ours.

    A value that was never handed out is replaced: whoever planted it knows it too.
    """
    if attempt.public_computer or not attempt.browser:
        return "", None
    if attempt.known_device:
        return origin.device, None
    ours = bool(origin.device) and sessions.is_issued(origin.device)
    cookie = None if ours else secrets.token_urlsafe(32)
    browser = digest(cookie) if cookie else origin.device
    sessions.remember(user=user, device=browser, agent=origin.agent)
    return browser, cookie
