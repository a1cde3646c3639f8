"""Onto the way: name, password, and which authenticators may prove the rest."""

import secrets
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from accounts.challenges.wording import Problem
from accounts.freeze import services as freezes
from accounts.freeze.models import Freeze
from accounts.ip_restrictions import deciding as addresses
from accounts.lockout import services as lockout
from accounts.lockout.rules import may_authenticate
from accounts.origin import Origin
from accounts.passwords.proof import Proof, prove
from accounts.rows import insert
from accounts.users.models import User
from sls.algorithms.risk import Risk
from sls.incident import rules, wording
from sls.login import facts, flow, offers
from sls.login.finish import counter
from sls.login.models import Attempt
from sls.login.rules import careful
from sls.methods import registry
from sls.methods.rules import Strength, is_spare
from sls.policy import services as policy


@dataclass(frozen=True, slots=True)
class Begun:
    """A ``problem``, the ``token`` of an attempt that asks for an authenticator, or the freeze of
    somebody who holds nothing that leads back (``call``)."""

    proof: Proof
    problem: Problem | None = None
    token: str = ""
    call: Freeze | None = None


def begin(*, username: str, password: str, origin: Origin, browser: str) -> Begun:
    """Name and password, counted as at the sign-in. Raises what ``proof.prove`` raises.

    ``browser`` is the secret of the cookie that the attempt is bound to. A right password of
    somebody whom nobody froze is answered as a wrong one is.
    """
    user = User.objects.by_name(username)
    proof = prove(name=username, user=user, password=password, origin=origin, at="way_back")
    if not proof.right:
        return Begun(proof, wording.of_proof(proof))
    with transaction.atomic():
        row = facts.lock(user.pk, key=counter(user, origin, proof.known_device))
        running = freezes.live(row.pk)
        if running is None or row.password != user.password:
            return Begun(proof, wording.no_match())
        return _ask(row, running, proof, origin=origin, browser=browser)


def _ask(user: User, running: Freeze, proof: Proof, *, origin: Origin, browser: str) -> Begun:
    """The caller holds the user's lock."""
    risk = facts.weigh(
        user, known_device=proof.known_device, origin=origin, failures=proof.failures
    )
    least = _least(user, risk)
    bar = may_authenticate(
        active=user.is_active,
        frozen=True,
        locked=lockout.is_locked(user),
        by_passkey=least >= Strength.PHISHING_RESISTANT,
        to_thaw=True,
    )
    if bar is not None:
        return Begun(proof, wording.no_match())
    if not addresses.decide(user=user, origin=origin).is_let_in:
        return Begun(proof, wording.outside())
    ways = offers.on_the_way_back(user, least)
    if not ways:
        return Begun(proof, call=running)
    token = secrets.token_urlsafe(32)
    attempt = Attempt.of(
        token,
        user=user,
        origin=origin,
        browser=browser,
        way_back=True,
        careful=least,
        ways=len(ways),
        known_device=proof.known_device,
        had_failures=proof.failures > 0,
        unusual=",".join(risk.signals),
        next_path=reverse("incident"),
    )
    if len(ways) == 1:
        attempt.challenge = flow.ask(attempt, ways[0], user=user, origin=origin)
    insert(attempt)
    return Begun(proof, token=token)


def _least(user: User, risk: Risk) -> int:
    """What was switched off by wrong codes, or removed shortly before the freeze, counts as held:
    guessing at the strong one, or taking it off, must not open the way to a weaker one."""
    rows = [row for row in registry.devices(user.pk) if offers.is_older(row, user)]
    held = {row.method for row in rows} | registry.switched_off(user.pk)
    held |= offers.taken_off(user)
    strengths = [registry.get(code).strength for code in held if not _is_spare(code)]
    demanded = policy.standing(user).least
    ways = [offers.way(row) for row in rows]
    unusual = careful(risk.level, ways, lost_own=offers.lost_own(user.pk, risk))
    return max(rules.needed(strengths, policy=demanded), unusual)


def _is_spare(code: str) -> bool:
    method = registry.get(code)
    return is_spare(permanent=method.permanent, sent=bool(method.channels))
