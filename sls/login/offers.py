"""What a sign-in offers: the person's authenticators as values of ``rules``, and back."""

from collections.abc import Sequence

from sls.login import rules, wording
from sls.login.models import Attempt
from sls.login.rules import Challenge, Choose
from sls.login.steps import Option
from sls.methods import registry
from sls.methods.protocol import DeviceRow, Method
from sls.policy.rules import DEMANDED, Standing


def way(row: DeviceRow) -> rules.Way:
    """The authenticator as the rules see it."""
    method = registry.get(row.method)
    return rules.Way(
        id=row.id,
        strength=method.strength,
        permanent=method.permanent,
        sent=bool(method.channels),
        position=row.position,
    )


def keep(
    attempt: Attempt, decision: Choose | Challenge, devices: Sequence[DeviceRow], standing: Standing
) -> DeviceRow:
    """Writes into the attempt what it will offer (the caller saves); returns the first of it."""
    attempt.ways = len(decision.devices)
    attempt.passkey_since = standing.since if decision.least else None
    return next(row for row in devices if row.id == decision.devices[0])


def rows(attempt: Attempt) -> list[DeviceRow]:
    """What may be chosen in this attempt, in the order of the page. One query."""
    found = {row.id: row for row in registry.devices(attempt.user_id)}
    least = DEMANDED if attempt.passkey_since else 0
    return [found[one.id] for one in rules.offered([way(row) for row in found.values()], least)]


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


def because(attempt: Attempt, offered: Sequence[DeviceRow]) -> str:
    """Why the present authenticator is asked for, in one sentence, or ""."""
    reason = rules.because(
        [way(row) for row in offered],
        attempt.challenge.device,
        used_here=attempt.used_here,
        by_policy=attempt.passkey_since is not None,
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
