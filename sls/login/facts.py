"""What a sign-in is decided by, read along with the user's row: nothing here costs a statement of
its own (SPEED G4)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import FilteredRelation, Q, QuerySet
from django.utils import timezone

from accounts import places
from accounts.challenges.models import Challenge
from accounts.contacts import reached
from accounts.lockout import services as lockout
from accounts.origin import Origin
from accounts.passwords.proof import Proof
from accounts.prepared import prepared
from accounts.sessions import at_once
from accounts.users.models import User
from sls.algorithms.risk import Risk, Signal
from sls.login import habits
from sls.policy import services as policy
from sls.travel import rules as travel_rules
from sls.travel import services as travel

SEVERAL = 3  # wrong passwords before the right one


def lock(user_id: int, *, key: str) -> User:
    """``policy.lock``, and what the counter ``key`` of wrong passwords holds, whether a contact is
    new, how many sessions are open (``accounts.sessions.at_once``), and which countries a travel
    notice in force names."""
    return _locked.one(user_id=user_id, **_noticed(key))


def lock_asked(challenge: Challenge, *, key: str) -> tuple[User, Challenge]:
    """The same, and the challenge that the user was asked, locked after them. One query."""
    user = _locked_asked.one(user_id=challenge.user_id, challenge_id=challenge.pk, **_noticed(key))
    return user, user.asked


def _noticed(key: str) -> dict[str, Any]:
    now = timezone.now()
    return {"key": key, "now": now, "since": now - timedelta(hours=settings.SIM_SWAP_HOURS)}


@prepared
def _locked(user_id: int, key: str, now: datetime, since: datetime) -> QuerySet[User]:
    return _people(key, now, since).select_for_update(no_key=True).filter(pk=user_id)


@prepared
def _locked_asked(
    user_id: int, challenge_id: UUID, key: str, now: datetime, since: datetime
) -> QuerySet[User]:
    asked = FilteredRelation("challenges", condition=Q(challenges__pk=challenge_id))
    people = _people(key, now, since).annotate(asked=asked).select_related("asked")
    # Django names what is joined like this by its way back: "user" is the challenge.
    locked = people.select_for_update(no_key=True, of=("self", "user"))
    return locked.filter(pk=user_id, asked__isnull=False)


def _people(key: str, now: datetime, since: datetime) -> QuerySet[User]:
    return User.objects.annotate(
        **policy.FACTS,
        **lockout.counted(key),
        **at_once.facts(now),
        **travel.facts(now),
        has_new_contact=reached.is_new(now, since),
    )


def weigh(
    user: User,
    *,
    known_device: bool,
    origin: Origin,
    failures: int = 0,
    earlier: Iterable[Signal] = (),
) -> Risk:
    """How unusual this sign-in is; ``user`` is from ``lock``, ``earlier`` what was noticed before.

    Somebody who was never activated has no past to compare with.
    """
    if user.activated_at is None:
        return Risk()
    usual, country = habits.read(user.habits), places.country(origin.address)
    at = timezone.localtime(timezone=ZoneInfo(user.zone))
    others = {
        Signal.NEW_DEVICE: not known_device,
        Signal.FAILURES: failures >= SEVERAL,
        Signal.CONTACT: user.has_new_contact,
    }
    found = {*earlier, *habits.signals(usual, country=country, at=at)}
    return travel_rules.weighed(
        found | {signal for signal, is_so in others.items() if is_so},
        travel.announced(user),
        country=country,
        home=usual.countries,
    )


def lock_and_weigh(user: User, *, proof: Proof, origin: Origin) -> tuple[User, Risk]:
    """For a way beside the sign-in that begins with the password (``ib_key.activations.Weigh``)."""
    row = lock(user.pk, key=lockout.key_of(user.username))
    risk = weigh(row, known_device=proof.known_device, origin=origin, failures=proof.failures)
    return row, risk


def remembered(user: User, *, origin: Origin) -> tuple[str, str]:
    """The column that keeps what is usual, and its text once this sign-in is complete."""
    kept = habits.after(
        habits.read(user.habits),
        country=places.country(origin.address),
        at=timezone.localtime(timezone=ZoneInfo(user.zone)),
    )
    return "habits", kept


def detail(risk: Risk, *, origin: Origin) -> dict[str, object]:
    """What the audit keeps of it: the reasons as codes, and the country; nothing of a usual one."""
    if not risk.level:
        return {}
    return {"unusual": list(risk.signals), "country": places.country(origin.address)}
