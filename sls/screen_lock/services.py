"""The two proofs that lift a lock. Each returns None once the session is open, or has ended."""

from accounts.challenges.wording import Problem
from accounts.origin import Origin
from accounts.passwords import proof
from accounts.sessions import locking
from accounts.sessions.models import Session
from sls.methods.passkey.services import CODE as PASSKEY
from sls.screen_lock import passkey, wording


def by_password(row: Session, *, password: str, origin: Origin) -> Problem | None:
    """Slow, and outside transactions. Raises what ``accounts.passwords.proof.prove`` raises."""
    if not password:
        return wording.nothing_typed()
    user = row.user
    proven = proof.prove(
        name=user.username, user=user, password=password, origin=origin, at="unlock"
    )
    if proven.barred is not None:
        return wording.barred(proven.barred)
    if not proven.right:
        return _wrong(row, wording.wrong_password(), origin)
    locking.unlock(row=row, method="password", origin=origin)
    return None


def by_passkey(row: Session, *, text: str, origin: Origin) -> Problem | None:
    """The answer of a passkey to a question of ``passkey.ask``."""
    judged = passkey.judge(row, text=text, origin=origin)
    if judged.problem is None:
        locking.unlock(row=row, method=PASSKEY, origin=origin)
        return None
    return _wrong(row, judged.problem, origin) if judged.counts else judged.problem


def _wrong(row: Session, problem: Problem, origin: Origin) -> Problem | None:
    return None if locking.failed(row=row, origin=origin) else problem
