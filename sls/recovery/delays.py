"""The wait for a new factor: begun, stopped, and told of to every contact."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.wording import Problem
from accounts.lockout import services as lockout
from accounts.origin import Origin, digest
from accounts.users.models import User
from sls.recovery import proofs, rules, telling, wording
from sls.recovery.models import Delay, Recovery
from sls.recovery.rules import Ended, Goal, Standing
from sls.recovery.state import is_outside, may_pass, standing_on, stop

SALT = "recovery cancel"


def begin(recovery: Recovery, *, browser: str, origin: Origin) -> Delay | Problem:
    """Begins the wait that the proofs of ``recovery`` lead to, once, and tells every contact.

    ``browser`` is the secret of the cookie that shows its status without the reference.
    """
    now = timezone.now()
    with transaction.atomic():
        user = audit.lock(recovery.user_id)
        here = standing_on(recovery, now).filter(goal=Goal.FACTOR, proven_at__isnull=False)
        if here.update(ended_at=now, ended_why=Ended.WAITING) != 1:
            return wording.over()
        problem = wording.waiting_already() if live(user.pk) else refusal(user, origin=origin)
        if problem is not None:
            transaction.set_rollback(True)
            return problem
        delay = _write(user, browser)
        user.recovering = True
        user.save(update_fields=["recovering"])
        detail = {"due": delay.due_at.isoformat(timespec="minutes"), "proof": recovery.proof}
        entry = audit.record(Event.RECOVERY_REQUESTED, user=user, origin=origin, detail=detail)
        telling.tell(delay, user=user, entry=entry, link=link(delay))
    return delay


def refusal(user: User, *, origin: Origin) -> Problem | None:
    """Why the wait may not begin, nor end in a new factor. The caller holds the user's lock."""
    if is_outside(user, origin):
        return wording.outside()
    locked = lockout.standing(lockout.key_of(user.username)).locked
    standing = Standing(active=may_pass(user), locked=locked)
    if rules.may_wait(standing, proofs.person(user)):
        return None
    return wording.locked() if standing.active and locked else wording.call_us()


def _write(user: User, browser: str) -> Delay:
    now = timezone.now()
    due = now + timedelta(hours=settings.RECOVERY_WAIT_HOURS)
    return Delay.objects.create(
        reference="".join(
            secrets.choice(rules.REFERENCE_LETTERS) for _ in range(rules.REFERENCE_LENGTH)
        ),
        user=user,
        browser=digest(browser),
        begun_at=now,
        due_at=due,
        until=due + timedelta(hours=settings.RECOVERY_OPEN_HOURS),
    )


def link(delay: Delay) -> str:
    """What stands in the address that stops it: a signature, so that nobody can make one up."""
    return signing.Signer(salt=SALT).sign(delay.reference)


def of_link(signed: str) -> Delay | None:
    """The wait that a link is about, ended or not; None for what we never signed."""
    try:
        return find(signing.Signer(salt=SALT).unsign(signed))
    except signing.BadSignature:
        return None


def find(reference: str) -> Delay | None:
    """The wait of a reference, with its user. One query."""
    return Delay.objects.select_related("user").filter(pk=reference).first()


def of_browser(secret: str) -> Delay | None:
    """The newest wait that was begun in the browser with this cookie. One query."""
    if not secret:
        return None
    mine = Delay.objects.select_related("user").filter(browser=digest(secret))
    return mine.order_by("-begun_at").first()


def live(user_id: int) -> Delay | None:
    """What waits for the user now. One query."""
    return Delay.objects.filter(user=user_id, ended_at=None).first()


def cancel(delay: Delay, *, origin: Origin, by: str) -> bool:
    """Stops the wait and whatever was begun with it; every contact hears of it.

    Returns False when it had ended already. It only takes rights away, so nobody has to prove
    anything.
    """
    with transaction.atomic():
        user = audit.lock(delay.user_id)
        return end(user, event=Event.RECOVERY_CANCELLED, origin=origin, detail={"by": by})


def end(user: User, *, event: Event, origin: Origin, detail: dict[str, str]) -> bool:
    """Ends what waits for the user. The caller holds the user's lock."""
    now = timezone.now()
    live = Delay.objects.filter(user=user, ended_at=None)
    if live.update(ended_at=now, ended_why=event.value.rpartition(".")[2]) != 1:
        return False
    user.recovering = False
    user.save(update_fields=["recovering"])
    stop(user.pk)
    audit.record(event, user=user, origin=origin, detail=detail)
    return True
