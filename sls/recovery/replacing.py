"""The new password. Nobody is signed in by it."""

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.wording import Problem
from accounts.lockout import services as lockout
from accounts.origin import Origin
from accounts.passwords import services as passwords
from accounts.passwords.rules import Reason
from sls.methods import registry
from sls.methods.device import row_id
from sls.methods.rules import Strength
from sls.recovery import wording
from sls.recovery.models import Recovery
from sls.recovery.rules import Ended, Goal
from sls.recovery.state import is_outside, may_pass, standing_on


def choose_password(
    recovery: Recovery, *, password: str, origin: Origin
) -> list[Reason] | Problem | None:
    """Replaces the password, once; None when that is done. Reasons say why it was refused.

    The slow hash runs under the user's lock, so that of two at once one finds the recovery used;
    only this user's other changes wait for it. Raises ``slots.NoFreeSlot``, and nothing is used.
    """
    with transaction.atomic():
        user = audit.lock(recovery.user_id)
        if is_outside(user, origin):
            return wording.outside()
        if not _use(recovery) or not may_pass(user):
            transaction.set_rollback(True)
            return wording.over()
        reasons = passwords.replace(user=user, password=password, origin=origin)
        if reasons:
            transaction.set_rollback(True)
            return reasons
        # ``replace`` has moved the chain of a row of its own.
        user = audit.lock(recovery.user_id)
        if registry.get(recovery.proof).strength > Strength.TELEPHONE:
            # Another active factor unlocks (CONTRACT 6): what was guessed was the old password.
            lockout.clear(
                lockout.key_of(user.username), lockout.key_of(user.username, origin.device)
            )
        detail = {"goal": recovery.goal, "proof": recovery.proof}
        audit.record(Event.RECOVERY_DONE, user=user, origin=origin, detail=detail)
    return None


def _use(recovery: Recovery) -> bool:
    if recovery.goal != Goal.PASSWORD or not recovery.device:
        return False
    now = timezone.now()
    proves = registry.still_proves(
        recovery.proof, device=row_id(recovery.device), user_id=recovery.user_id
    )
    here = standing_on(recovery, now).filter(
        proves, goal=Goal.PASSWORD, proven_at__isnull=False, device=recovery.device
    )
    return here.update(ended_at=now, ended_why=Ended.NEW_PASSWORD) == 1
