"""What the pages of a step-up show: read from the tables, nothing changed."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.challenges import shown
from accounts.challenges.wording import moment
from accounts.contacts.rules import masked_phone
from sls.methods import registry
from sls.step_up import proofs
from sls.step_up.acts import Act
from sls.step_up.models import Pending
from sls.step_up.proofs import Way


def common(pending: Pending, act: Act) -> dict:
    """What every page of a pending request shows."""
    return {
        "action": act.words,
        "cancel_url": act.back,
        "page_url": reverse("step_up", args=[pending.pk]),
        "answer_url": reverse("step_up_answer", args=[pending.pk]),
        "resend_url": reverse("step_up_resend", args=[pending.pk]),
        "confirm_url": reverse("step_up_confirm", args=[pending.pk]),
    }


def code(pending: Pending, ways: Sequence[Way]) -> dict:
    """``step``: the question, or None; ``alternatives``: other ways to prove it, and the same
    once more when the code is over."""
    challenge = pending.challenge
    if challenge is None:
        return {"step": None, "alternatives": ways}
    number = challenge.destination
    step = shown.question(
        challenge,
        destination=masked_phone(number) if number else "",
        options=registry.get(challenge.method).channels,
        shown=registry.asked(challenge),
    )
    present = None if step.expired else (challenge.device, number)
    others = [way for way in ways if (way.row.id, way.row.destination) != present]
    return {"step": step, "alternatives": others}


def no_way(pending: Pending, act: Act) -> str:
    """Why nothing can prove this action now, and what can be done."""
    at = proofs.new_sim_until(user_id=pending.user_id)
    if at is not None:
        return _(
            "Your number got a new SIM card recently, so no code for sensitive changes goes there "
            "until %(at)s. If you cannot wait, please call us."
        ) % {"at": moment(at)}
    at = proofs.trusted_from(user_id=pending.user_id, changed_phone=act.phone)
    if at is not None:
        return _(
            "This change has to be confirmed by a code to a number that is not being changed. "
            "Your other number is too new for that until %(at)s. If you cannot wait, please call "
            "us."
        ) % {"at": moment(at)}
    return _(
        "This change has to be confirmed by a code to a number that is not being changed, and "
        "there is no other verified number on your list. Please call us."
    )
