"""The same way asked anew, in the same attempt: the password is not typed again."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import limits
from accounts.audit import services as audit
from accounts.challenges import wording as code_wording
from accounts.challenges.rules import Bar, Outcome, Sending, Verdict
from accounts.challenges.wording import Problem
from accounts.origin import Origin
from sls.login import flow
from sls.login.models import Attempt
from sls.methods import registry

NEW = "new"  # in the place of a channel


def ask_anew(attempt: Attempt, *, origin: Origin) -> Problem | None:
    """Opens a new challenge for the same authenticator once the one before is over.

    For what is made by the authenticator itself; codes that are sent are asked for by
    ``flow.resend``, whose spacing protects the telephone. Returns why there is none, or None:
    then the attempt has an open challenge, the new one or the old.
    """
    try:
        with transaction.atomic():
            return _ask_anew(attempt, origin=origin)
    except limits.TooMany as spent:
        return code_wording.asked_too_often(spent.retry_after)


def _ask_anew(attempt: Attempt, *, origin: Origin) -> Problem | None:
    user = audit.lock(attempt.user_id)
    # What was read before the lock may have been used or replaced in the meantime.
    attempt.refresh_from_db(from_queryset=Attempt.objects.select_related("user", "challenge"))
    challenge = attempt.challenge
    if flow.over(attempt) or challenge is None or challenge.is_open(timezone.now()):
        return None
    if registry.get(challenge.method).channels:
        return code_wording.of_verdict(Verdict(Outcome.EXPIRED), settings.TRIES_PER_CHALLENGE)
    row = flow.row_of(attempt, user)
    if row is None or attempt.openings >= settings.CHALLENGES_PER_ATTEMPT:
        return code_wording.of_sending(Sending(None, Bar.OPENINGS_CAP, 0), timezone.now())
    attempt.openings += 1
    attempt.challenge = flow.ask(attempt, row, user=user, origin=origin)
    attempt.save(update_fields=["challenge", "openings"])
    return None
