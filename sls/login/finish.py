"""The end of a sign-in: the session, and everything that becomes true with it."""

import functools
import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.models import Challenge
from accounts.freeze.services import is_frozen
from accounts.ip_restrictions import deciding as addresses
from accounts.ip_restrictions import door as emergency_door
from accounts.lockout import services as lockout
from accounts.origin import Origin, digest
from accounts.prepared import Update, prepared_update
from accounts.sessions import at_once, browsers
from accounts.sessions import services as sessions
from accounts.sessions.rules import INCIDENT
from accounts.users.models import User
from sls.algorithms.risk import Level, Risk, Signal
from sls.login import facts, offers, platforms, taking_over, unlock, wording
from sls.login.models import Attempt, Door
from sls.login.rules import Why, careful, on_completion
from sls.login.steps import Done, Mark, Refused, Unlocked
from sls.methods import registry
from sls.methods.device import row_id
from sls.methods.sms import services as sms
from sls.policy import services as policy
from sls.policy.rules import Standing


def finish(
    attempt: Attempt,
    *,
    origin: Origin,
    through_door: bool = False,
    text: str = "",
    take_over: bool = False,
) -> Done | Unlocked | Refused:
    """``complete`` in a transaction of its own."""
    with transaction.atomic():
        key = counter(attempt.user, origin, attempt.known_device)
        user = facts.lock(attempt.user_id, key=key)
        return complete(
            attempt,
            user=user,
            origin=origin,
            through_door=through_door,
            text=text,
            take_over=take_over,
        )


def lock_asked(attempt: Attempt, *, origin: Origin) -> tuple[User, Challenge]:
    """What ``complete`` needs of the user, and the challenge that is answered; both locked."""
    key = counter(attempt.user, origin, attempt.known_device)
    return facts.lock_asked(attempt.challenge, key=key)


def complete(
    attempt: Attempt,
    *,
    user: User,
    origin: Origin,
    through_door: bool = False,
    text: str = "",
    take_over: bool = False,
) -> Done | Unlocked | Refused:
    """Opens the session of an attempt whose answer was right; ``user`` is from ``lock_asked``.

    ``through_door`` says that everything the emergency door asks for is proven: it lets the
    address in. An attempt that began there has no other end. What was begun to lift a lock lifts
    it, and opens no session. Where the user has a trading session already and ``take_over`` is not
    said, the attempt goes on to wait for that with the same answer (``text``).

    Everything is decided anew: in the meantime the user may have been closed or the name locked,
    the authenticator revoked, the attempt used or cancelled (CVE-2026-95754), and the answer may
    come from another country or address. The used code is not given back.
    """
    challenge = attempt.challenge
    standing, method = policy.standing(user), registry.get(challenge.method)
    risk = _risk(attempt, user, origin)
    limit = INCIDENT if attempt.way_back else registry.limits(challenge)
    why = on_completion(
        active=user.is_active,
        frozen=is_frozen(user),
        let_in=_lets_in(attempt, user, origin, through_door=through_door),
        strength=method.strength,
        least=standing.least,
        holds_strong=user.holds_strong,
        # No password is part of what lifts the lock.
        locked=lockout.is_locked(user) and not attempt.unlocking,
        permanent=method.permanent,
        demanded=max(attempt.careful, _demanded(risk, user.pk)),
        to_thaw=attempt.way_back,
        elsewhere=bool(limit) and origin.platform != registry.PORTAL,
        renew_first=bool(user.password_demanded_at) and origin.platform != registry.PORTAL,
    )
    if why is Why.DONE and not take_over and taking_over.stands_in_the_way(attempt):
        taking_over.wait(attempt, text)
        return Refused(Why.SESSION_IN_USE, wording.refused(Why.SESSION_IN_USE))
    refused = _close(attempt, why, risk, user=user, origin=origin)
    if refused:
        return refused
    if attempt.unlocking:
        unlock.by_owner(user=user, method=challenge.method, origin=origin)
        return Unlocked(wording.refused(Why.UNLOCKED))
    if through_door:
        emergency_door.use(user, origin=origin)
    if attempt.had_failures:
        # The count under which this password was judged; strangers keep theirs.
        lockout.clear(counter(attempt.user, origin, attempt.known_device))
    if limit:
        return _limited(attempt, risk, limit, user=user, origin=origin)
    if take_over:
        taking_over.end_others(attempt, user, origin=origin)
    return _open(attempt, risk, standing, user=user, origin=origin)


def _close(attempt: Attempt, why: Why, risk: Risk, *, user: User, origin: Origin) -> Refused | None:
    """Ends the attempt, once; None where it leads on."""
    challenge = attempt.challenge
    ended = _end(challenge.method)(
        digest=attempt.pk,
        now=timezone.now(),
        why=why,
        device=row_id(challenge.device),
        user_id=challenge.user_id,
    )
    if ended != 1:
        return Refused(Why.EXPIRED, wording.refused(Why.EXPIRED))
    if why is Why.DONE:
        return None
    record_refusal(why, risk, user=user, origin=origin)
    return Refused(why, wording.refused(why))


def _open(attempt: Attempt, risk: Risk, standing: Standing, *, user: User, origin: Origin) -> Done:
    """The session of a whole sign-in."""
    challenge = attempt.challenge
    if attempt.enrolling:
        _complete_enrolment(user, challenge.device, origin)
    at_once.make_room(user=user, origin=origin)
    token, (browser, mark) = secrets.token_urlsafe(32), _remember(attempt, user, origin)
    session = sessions.open_session(
        user=user,
        token=token,
        origin=origin,
        device=challenge.device,
        method=challenge.method,
        public_computer=attempt.public_computer,
        browser=browser,
        browser_token=digest(mark.token) if mark else "",
        enrol_only_from=standing.enrol_only_from(
            strength=registry.get(challenge.method).strength, holds_strong=user.holds_strong
        ),
        risk=risk.level,
        lasts=platforms.lasts(attempt, user),
    )
    _record(attempt, risk, session.key[:12], user=user, origin=origin)
    return Done(user, token, challenge.device, attempt.next_path, mark, session)


def _limited(attempt: Attempt, risk: Risk, limit: str, *, user: User, origin: Origin) -> Done:
    """A session that is limited to what comes after a freeze, or by what proved it. The browser is
    not remembered."""
    token, challenge = secrets.token_urlsafe(32), attempt.challenge
    session = sessions.open_session(
        user=user,
        token=token,
        origin=origin,
        device=challenge.device,
        method=challenge.method,
        public_computer=attempt.public_computer,
        risk=risk.level,
        limited_to=limit,
    )
    if limit == INCIDENT:
        # Nothing is learned of what is usual.
        detail = {"method": challenge.method, "session": session.key[:12]}
        audit.record(Event.WAY_BACK_ENTERED, user=user, origin=origin, detail=detail)
    else:
        _record(attempt, risk, session.key[:12], user=user, origin=origin)
    return Done(user, token, challenge.device, attempt.next_path)


def counter(user: User, origin: Origin, known_device: bool) -> str:
    """Which counter of wrong passwords holds for this browser."""
    return lockout.key_of(user.username, origin.device if known_device else "")


def _risk(attempt: Attempt, user: User, origin: Origin) -> Risk:
    """What was noticed at the password stays noticed."""
    earlier = [Signal(one) for one in attempt.unusual.split(",") if one]
    return facts.weigh(user, known_device=attempt.known_device, origin=origin, earlier=earlier)


def _demanded(risk: Risk, user_id: int) -> int:
    if risk.level < Level.STRONGER:
        return 0
    ways = [offers.way(row) for row in registry.devices(user_id)]
    return careful(risk.level, ways, lost_own=offers.lost_own(user_id, risk))


def record_refusal(why: Why, risk: Risk, *, user: User, origin: Origin) -> None:
    """The caller holds the user's lock. Of what was too unusual the owner hears: the password was
    right."""
    event = Event.SIGN_IN_STOPPED if why is Why.UNUSUAL else Event.SIGN_IN_REFUSED
    detail = {"why": why, **facts.detail(risk, origin=origin)}
    audit.record(event, user=user, origin=origin, detail=detail)


def _record(attempt: Attempt, risk: Risk, session: str, *, user: User, origin: Origin) -> None:
    """Tells once: what is unusual says also that the device is new."""
    detail = {"method": attempt.challenge.method, "session": session}
    if risk.level:
        unusual = detail | facts.detail(risk, origin=origin)
        audit.record(Event.SIGNED_IN_UNUSUAL, user=user, origin=origin, detail=unusual)
    new = not (attempt.known_device or attempt.enrolling or risk.level)
    audit.record(
        Event.SIGNED_IN_NEW_DEVICE if new else Event.SIGNED_IN,
        user=user,
        origin=origin,
        detail=detail,
        writes=facts.remembered(user, origin=origin),
    )


def _lets_in(attempt: Attempt, user: User, origin: Origin, *, through_door: bool) -> bool:
    if through_door:
        is_proven = attempt.door == Door.MAIL and attempt.challenge.used_at is not None
        return is_proven and emergency_door.standing(user).works
    return not attempt.door and addresses.decide(user=user, origin=origin).is_let_in


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


def _remember(attempt: Attempt, user: User, origin: Origin) -> tuple[str, Mark | None]:
    """Makes the browser known; returns the digest of its series, "" where it is not remembered, and
    the cookie it gets: each sign-in gives it another token (``accounts.sessions.browsers``).

    A series that was never handed out is replaced: whoever planted it knows it too.
    """
    if attempt.public_computer or not (attempt.browser or attempt.remembers):
        return "", None
    token = secrets.token_urlsafe(32)
    if attempt.known_device and origin.device:
        return origin.device, Mark("", token)
    series = "" if browsers.is_ours(origin) else secrets.token_urlsafe(32)
    browser = digest(series) if series else origin.device
    browsers.remember(user=user, device=browser, agent=origin.agent)
    return browser, Mark(series, token)
