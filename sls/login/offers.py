"""What a sign-in offers: the person's authenticators as values of ``rules``, and back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from accounts.contacts import reached
from accounts.sessions.rules import WEB
from accounts.users.models import User
from sls.algorithms.risk import Level, Risk
from sls.login import platforms, rules, wording
from sls.login.models import Attempt
from sls.login.rules import Because, Challenge, Choose
from sls.login.steps import Option
from sls.methods import registry
from sls.methods.device import row_id
from sls.methods.protocol import DeviceRow, Method
from sls.policy.rules import DEMANDED, Standing


def way(row: DeviceRow, platform: str = WEB) -> rules.Way:
    """The authenticator as the rules see it, on that platform."""
    method = registry.get(row.method)
    return rules.Way(
        id=row.id,
        strength=method.strength,
        permanent=method.permanent,
        sent=bool(method.channels),
        position=row.position,
        here=platforms.takes(platform, row.method),
    )


def keep(
    attempt: Attempt, decision: Choose | Challenge, devices: Sequence[DeviceRow], standing: Standing
) -> DeviceRow:
    """Writes into the attempt what it will offer (the caller saves); returns the first of it."""
    attempt.ways = len(decision.devices)
    attempt.passkey_since = standing.since if decision.least else None
    attempt.careful = decision.careful
    return next(row for row in devices if row.id == decision.devices[0])


def lost_own(user_id: int, risk: Risk) -> bool:
    """Whether wrong codes have disabled an authenticator of the user's own. A query where the
    sign-in is so unusual that it matters, else none."""
    return risk.level >= Level.STRONGER and bool(registry.switched_off(user_id))


def rows(attempt: Attempt) -> list[DeviceRow]:
    """What may be chosen in this attempt, in the order of the page. One query, at the emergency
    door three."""
    if attempt.door:
        return at_the_door(attempt.user_id)
    if attempt.way_back:
        return on_the_way_back(attempt.user, attempt.careful)
    found = {row.id: row for row in registry.signing_in(attempt.user_id, attempt.platform)}
    ways = [way(row, attempt.platform) for row in found.values()]
    least = DEMANDED if attempt.passkey_since else 0
    offered = rules.offered(ways, least)
    return [found[one.id] for one in rules.enough(offered, attempt.careful) if one.here]


def at_the_door(user_id: int) -> list[DeviceRow]:
    """What opens the emergency door. Three queries.

    A number that is new, or whose SIM card is, is not asked: whoever took it over stands there.
    """
    settled = {phone.number for phone in reached.trusted_phones(user_id)}
    found = {
        row.id: row
        for row in registry.devices(user_id)
        if not row.destination or row.destination in settled
    }
    strengths = [registry.get(code).strength for code in registry.switched_off(user_id)]
    lost = max(strengths, default=0)
    ways = [way(row) for row in found.values()]
    return [found[one.id] for one in rules.at_the_door(ways, lost=lost)]


def on_the_way_back(user: User, least: int) -> list[DeviceRow]:
    """What leads to the way back after a freeze. One query, and one for each way.

    Nothing that was enrolled since then, or shortly before: whoever came in once must not come back
    by their own.
    """
    found = {row.id: row for row in registry.devices(user.pk) if is_older(row, user)}
    strong = rules.enough(rules.offered([way(row) for row in found.values()], least), least)
    return [found[one.id] for one in strong]


def is_older(row: DeviceRow, user: User) -> bool:
    """Whether the authenticator was there long enough before the freeze that is on. One query."""
    model = registry.get(row.method).model
    return model.objects.filter(pk=row_id(row.id), created_at__lte=settled_by(user)).exists()


def settled_by(user: User) -> datetime:
    """When an authenticator of somebody who is frozen has to have been there at the latest."""
    return rules.settled_by(
        frozen_at=user.frozen_at,
        activated_at=user.activated_at,
        settles=timedelta(hours=settings.FREEZE_SETTLED_HOURS),
    )


def taken_off(user: User) -> set[str]:
    """The permanent methods of which an authenticator was removed shortly before the freeze that is
    on, by whomever. One query."""
    since = user.frozen_at - timedelta(hours=settings.FREEZE_SETTLED_HOURS)
    settled = settled_by(user)
    return registry.removed(user.pk, created_by=settled, since=since, until=user.frozen_at)


def choice(attempt: Attempt) -> list[DeviceRow]:
    """``rows`` where there are several; [] without a query where there is nothing to choose."""
    return rows(attempt) if attempt.ways > 1 else []


def options(offered: Sequence[DeviceRow], used_here: str) -> list[Option]:
    """The radio buttons of the chooser; one is preselected."""
    ways = [way(row) for row in offered]
    chosen = rules.preferred(ways, used_here).id if ways else ""
    return [
        Option(
            id=row.id,
            method=row.method,
            label=registry.label(row),
            last_used=row.last_used_at,
            preferred=row.id == chosen,
            used=wording.last_used(row.last_used_at),
            fallback=rules.is_fallback(one, ways),
        )
        for row, one in zip(offered, ways, strict=True)
    ]


def fewer(attempt: Attempt) -> str:
    """Why not all of the person's ways are offered, in one sentence, or ""."""
    if attempt.way_back:
        return wording.way_back()
    if attempt.unlocking or not attempt.careful:
        return ""
    return wording.because(Because.UNUSUAL, None)


def because(attempt: Attempt, offered: Sequence[DeviceRow]) -> str:
    """Why the present authenticator is asked for, in one sentence, or ""."""
    if attempt.way_back:
        return wording.way_back()
    reason = rules.because(
        [way(row) for row in offered],
        attempt.challenge.device,
        used_here=attempt.used_here,
        by_policy=attempt.passkey_since is not None,
        is_careful=bool(attempt.careful and not attempt.unlocking),
    )
    return wording.because(reason, attempt.passkey_since)


def advice(attempt: Attempt, offered: Sequence[DeviceRow]) -> str:
    """What would be better than a code that is sent, in one sentence, or ""."""
    asked = registry.get(attempt.challenge.method)
    if not asked.channels or attempt.enrolling:
        return ""
    own = next((row for row in offered if _is_strong(registry.get(row.method))), None)
    if own is not None:
        return wording.use_instead(registry.label(own))
    return wording.add_passkey() if any(map(_is_strong, registry.METHODS)) else ""


def _is_strong(method: Method) -> bool:
    return method.strength >= DEMANDED
