"""Challenges to what makes or holds its answers without us: nothing is sent, nothing is kept."""

from datetime import timedelta

from django.conf import settings

from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge, Purpose
from accounts.users.models import User
from sls.methods.protocol import DeviceRow

READ_OUT_LIFE = 120  # seconds


def open_challenge(
    device: DeviceRow,
    *,
    method: str,
    user: User,
    purpose: Purpose,
    bound_to: str,
    question: str = "",
) -> Challenge:
    """Opens a challenge inside the caller's transaction (user row locked).

    ``question`` is what the device answers, if it needs one.
    Whoever enrols a device has to fetch, read and set it up first, so that takes longer; whoever
    is on the telephone has the device in the hand.
    """
    lives = {Purpose.ENROLMENT: settings.ENROLMENT_LIFE, Purpose.CALLER: READ_OUT_LIFE}
    life = lives.get(purpose, settings.SECURITY_CODE_LIFE)
    return challenges.open_challenge(
        user_id=user.pk,
        purpose=purpose,
        method=method,
        device=device.id,
        bound_to=bound_to,
        life=timedelta(seconds=life),
        tries=settings.TRIES_PER_CHALLENGE,
        question=question,
    )
