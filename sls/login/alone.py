"""Signing in by a passkey alone, without a name: its device has verified the person, which stands
for both factors. From the answer on it is a sign-in like every other (``flow.answer``).

The question is put before anybody said who they are. Nothing is written for it in the database: it
lies in the cache for as long as a code lives, can be answered once, and only in the browser that
asked. What no key of ours has signed counts against nobody but the rate of its address, and looks
the same whether there is such a passkey or not.
"""

import secrets

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.models import Purpose
from accounts.challenges.wording import Problem
from accounts.freeze.services import is_frozen
from accounts.ip_restrictions import deciding as addresses
from accounts.origin import Origin, digest
from accounts.rows import insert
from accounts.sessions import browsers
from sls.login import flow, offers, rules, wording
from sls.login.flow import Wish
from sls.login.models import Attempt
from sls.login.steps import Done
from sls.methods.passkey import ceremony, options, reading, services
from sls.methods.passkey import wording as passkey_wording
from sls.methods.passkey.models import PasskeyDevice


def ask(browser: str) -> str:
    """A question for any passkey, as options for the script. ``browser`` is the cookie's secret."""
    question = services.question()
    cache.set(_key(browser, question), 1, settings.SECURITY_CODE_LIFE)
    return options.to_answer(challenge=question, of=[], seconds=settings.SECURITY_CODE_LIFE)


def enter(*, text: str, origin: Origin, wish: Wish) -> Done | Problem:
    """Judges the answer of a passkey to a question of ``ask``."""
    credential = reading.assertion(text)
    if credential is None:
        return passkey_wording.not_a_passkey()
    question = ceremony.challenge_of(credential)
    if not wish.browser or not cache.delete(_key(wish.browser, question)):
        return passkey_wording.over()
    passkey = services.find(credential["id"])
    is_signed = ceremony.is_signed(credential, passkey and passkey.public_key)
    # Who nobody has named before has to be named by the authenticator itself.
    if not is_signed or "userHandle" not in credential["response"]:
        return passkey_wording.not_signed_in()
    attempt = _begin(passkey, question, origin=origin, wish=wish)
    if isinstance(attempt, Problem):
        return attempt
    step = flow.answer(attempt, text=text, origin=origin)
    return step if isinstance(step, Done) else _refused(step)


def _key(browser: str, question: str) -> str:
    return f"passkey:{digest(f'{browser} {question}')}"


def _begin(
    passkey: PasskeyDevice, question: str, *, origin: Origin, wish: Wish
) -> Attempt | Problem:
    """An attempt that is at its last step already: the question was put, and is answered."""
    row = services.row_of(passkey)
    known = browsers.recognise(user_id=passkey.user_id, origin=origin)
    with transaction.atomic():
        user = audit.lock(passkey.user_id)
        # No policy, lock or risk demands more than a passkey; ``finish`` asks for those too.
        facts = rules.Facts(
            active=user.is_active,
            frozen=is_frozen(user),
            activated=user.activated_at is not None,
            ways=[offers.way(row)],
            has_number=False,
            let_in=addresses.decide(user=user, origin=origin).is_let_in,
        )
        decision = rules.decide(facts)
        if isinstance(decision, rules.Refuse):
            detail = {"why": decision.why}
            audit.record(Event.SIGN_IN_REFUSED, user=user, origin=origin, detail=detail)
            return Problem(decision.why, wording.refused(decision.why))
        attempt = Attempt.of(
            secrets.token_urlsafe(32),
            user=user,
            origin=origin,
            browser=wish.browser,
            public_computer=wish.public_computer,
            next_path=wish.next_path,
            known_device=known is not None,
            used_here=known.used if known else "",
        )
        attempt.challenge = services.open_challenge(
            row,
            user=user,
            purpose=Purpose.SIGN_IN,
            bound_to=attempt.digest,
            asked=question,
        )
        insert(attempt)
    return attempt


def _refused(step: flow.Step) -> Problem:
    if step.kind == "refused":
        return Problem(step.reason, step.text)
    return step.error
