from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import services as challenges
from accounts.challenges import wording as code_wording
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.wording import Problem
from accounts.origin import Origin
from accounts.users.models import User
from sls.devices import listing, rules, wording
from sls.devices.models import Replacement
from sls.devices.rules import Refusal
from sls.methods import registry
from sls.methods.device import Authenticator
from sls.methods.protocol import Enrolment, Method
from sls.methods.rules import same_words


def add(
    *,
    user_id: int,
    method: Method,
    bound_to: str,
    origin: Origin,
    instead_of: Authenticator | None = None,
) -> Enrolment | Problem:
    """Begins to enrol an authenticator, which its first right answer confirms.

    ``bound_to`` is the session that alone can go on with it. The one it is ``instead_of`` ends in
    the transaction that confirms the new one, and stays when that never happens.
    """
    with transaction.atomic():
        user = audit.lock(user_id)
        held = listing.of_method(method, user_id)
        if instead_of is not None and instead_of not in held:
            return wording.problem(Refusal.GONE)
        most = listing.most_of(method)
        if instead_of is None and len(held) >= most:
            return wording.problem(Refusal.FULL if most > 1 else Refusal.HAS_SET)
        # Their authenticators are about to be replaced: an answer to them must find no gap.
        challenges.cancel(user_id=user.pk, purpose=Purpose.ENROLMENT, method=method.code)
        begun = method.enrol(user=user, origin=origin, bound_to=bound_to)
        if isinstance(begun, Problem):
            return begun
        _name(begun.device, method, held)
        if instead_of is not None and begun.challenge is not None:
            _will_replace(begun.device, instead_of, user)
        return begun


def _name(device: Authenticator, method: Method, held: list[Authenticator]) -> None:
    """A name to tell it apart by, where the method itself knows none."""
    if device.name == str(method.label) and method.permanent:
        names = {other.name for other in held}
        device.name = wording.default_name(device.name, timezone.now(), taken=names)
        device.save(update_fields=["name"])


def _will_replace(new: Authenticator, old: Authenticator, user: User) -> None:
    Replacement.objects.filter(user=user, old=old.persistent_id).delete()
    Replacement.objects.create(
        user=user, old=old.persistent_id, new=new.persistent_id, created_at=timezone.now()
    )


def find_enrolment(challenge_id: object, *, user_id: int, bound_to: str) -> Challenge | None:
    """The challenge of an enrolment that this session began. One query."""
    return Challenge.objects.filter(
        pk=challenge_id, user_id=user_id, bound_to=bound_to, purpose=Purpose.ENROLMENT
    ).first()


def shown_while_enrolling(challenge: Challenge) -> Mapping[str, Any]:
    """What the page of an open enrolment shows: the secret to be taken over by the device."""
    return registry.get(challenge.method).enrolling(challenge)


def answer(challenge: Challenge, *, text: str, origin: Origin) -> Problem | None:
    """Takes the answer to an enrolment. None when the authenticator is confirmed now.

    Must not be called inside a transaction: a wrong answer is counted for good.
    """
    method = registry.get(challenge.method)
    read = method.read(text, challenge)
    if read.problem:
        return read.problem
    verdict = method.verify(challenge, read.answer, origin=origin)
    if verdict.is_ok:
        return None
    challenge.refresh_from_db()
    return code_wording.of_verdict(verdict, settings.TRIES_PER_CHALLENGE)


def rename(*, device: Authenticator, typed: str, origin: Origin) -> Refusal | None:
    """Gives the authenticator another name. None when it has it."""
    name = rules.read_name(typed)
    if isinstance(name, Refusal):
        return name
    with transaction.atomic():
        user = audit.lock(device.user_id)
        others = [one for one in listing.held(user.pk) if one != device]
        if any(same_words(name, other.name) for other in others):
            return Refusal.SAME_NAME
        changed = type(device).objects.filter(pk=device.pk, revoked_at=None).exclude(name=name)
        if changed.update(name=name):
            detail = {"method": listing.method_of(device).code, "device": name, "was": device.name}
            audit.record(Event.DEVICE_RENAMED, user=user, origin=origin, detail=detail)
    return None


def order(*, user_id: int, device: str, up: bool, origin: Origin) -> Refusal | None:
    """Moves an authenticator (a persistent id) a place up or down in the client's own order."""
    with transaction.atomic():
        user = audit.lock(user_id)
        held = listing.held(user_id)
        one = next((other for other in held if other.persistent_id == device), None)
        if one is None:
            return Refusal.GONE
        after = rules.moved(held, one, up=up)
        if after == held:
            return None
        for place, other in enumerate(after, 1):
            if other.position != place:
                type(other).objects.filter(pk=other.pk).update(position=place)
        detail = {"device": one.name, "place": after.index(one) + 1}
        audit.record(Event.DEVICES_ORDERED, user=user, origin=origin, detail=detail)
    return None
