"""The password asked again: counted, slowed and locked as at the sign-in (CVE-2026-123521)."""

from django.utils.translation import gettext as _

from accounts.challenges.wording import Problem, moment
from accounts.lockout.rules import Standing
from accounts.origin import Origin
from accounts.passwords import proof
from accounts.passwords.wording import slow_down
from sls.step_up import failures
from sls.step_up.models import Pending


def prove(pending: Pending, *, password: str, origin: Origin) -> Problem | None:
    """Checks the password once; None when it is right. Slow, and outside transactions.

    Raises what ``accounts.passwords.proof.prove`` raises.
    """
    if not password:
        return Problem("empty", _("Enter your password."))
    user = pending.user
    proven = proof.prove(
        name=user.username, user=user, password=password, origin=origin, at="step_up"
    )
    if proven.right:
        return None
    if proven.barred is not None:
        return _barred(proven.barred)
    failures.after_password(user_id=user.pk, action=pending.action, origin=origin)
    return Problem("wrong", _("That password does not match. Check it and try again."))


def _barred(standing: Standing) -> Problem:
    if not standing.locked:
        return slow_down(standing.until)
    text = _(
        "Several passwords did not match, so no more are accepted until %(until)s. "
        "Please try again then, or call us."
    )
    return Problem("locked", text % {"until": moment(standing.until)})
