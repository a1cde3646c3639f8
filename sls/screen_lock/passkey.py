"""A passkey that lifts the lock: any of its person's, asked by the page itself.

The question lies in the cache for as long as a code lives, can be answered once, and only in the
session that it was put to.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from accounts.audit import services as audit
from accounts.challenges.models import Purpose
from accounts.challenges.wording import Problem, of_verdict
from accounts.origin import Origin, digest
from accounts.sessions.models import Session
from sls.methods import registry
from sls.methods.passkey import ceremony, options, reading, services
from sls.methods.passkey import wording as said
from sls.methods.passkey.models import PasskeyDevice
from sls.screen_lock import wording


@dataclass(frozen=True, slots=True)
class Judged:
    """``problem`` is None for a right answer; ``counts`` says that it was a wrong try."""

    problem: Problem | None = None
    counts: bool = False


def ask(row: Session) -> str:
    """A question to the passkeys of the session's user as options for the script, "" where there
    are none. One query."""
    passkeys = list(PasskeyDevice.objects.filter(PasskeyDevice.live(), user_id=row.user_id))
    if not passkeys:
        return ""
    question = services.question()
    cache.set(_key(row, question), 1, settings.SECURITY_CODE_LIFE)
    return options.to_answer(challenge=question, of=passkeys, seconds=settings.SECURITY_CODE_LIFE)


def judge(row: Session, *, text: str, origin: Origin) -> Judged:
    """Judges an answer; a wrong one counts for its passkey too, as everywhere."""
    credential = reading.assertion(text)
    if credential is None:
        return Judged(said.not_a_passkey())
    question = ceremony.challenge_of(credential)
    if not cache.delete(_key(row, question)):
        return Judged(said.over())
    passkey = services.find(credential["id"])
    if passkey is None or passkey.user_id != row.user_id:
        return Judged(wording.another_passkey(), counts=True)
    with transaction.atomic():
        challenge = services.open_challenge(
            services.row_of(passkey),
            user=audit.lock(row.user_id),
            purpose=Purpose.SCREEN,
            bound_to=row.pk,
            asked=question,
        )
    method = registry.get(services.CODE)
    verdict = method.verify(challenge, reading.dumped(credential), origin=origin)
    if verdict.is_ok:
        return Judged()
    return Judged(of_verdict(verdict, settings.TRIES_PER_CHALLENGE), counts=verdict.evaluated)


def _key(row: Session, question: str) -> str:
    return f"unlock:{digest(f'{row.pk} {question}')}"
