"""By what somebody can prove who they are, beside the code by mail."""

from dataclasses import dataclass

from accounts.contacts import reached
from accounts.users.models import User
from sls.methods import registry
from sls.methods.protocol import DeviceRow
from sls.methods.rules import Strength, is_spare
from sls.policy import services as policy
from sls.recovery import rules
from sls.recovery.models import Recovery
from sls.recovery.rules import Goal, Leads, Person, Second


@dataclass(frozen=True, slots=True)
class Offer:
    """An authenticator, and what its answer would prove. ``label`` names it without a number."""

    row: DeviceRow
    proves: Second
    label: str


def person(user: User) -> Person:
    """What the rules know of the user. Three queries."""
    return _person(user, registry.devices(user.pk))


def _person(user: User, rows: list[DeviceRow]) -> Person:
    held = {row.method for row in rows} | registry.switched_off(user.pk)
    strengths = [registry.get(code).strength for code in held if not _is_spare(code)]
    return Person(
        staff=user.is_staff,
        strongest=max(strengths, default=Strength.TELEPHONE),
        least=policy.standing(policy.read(user.pk)).least,
    )


def _is_spare(code: str) -> bool:
    method = registry.get(code)
    return is_spare(permanent=method.permanent, sent=bool(method.channels))


def offers(recovery: Recovery) -> list[Offer]:
    """What may be chosen, in the client's order, printed codes last. At most four queries."""
    user, goal = recovery.user, Goal(recovery.goal)
    rows = registry.devices(user.pk)
    who, settled = _person(user, rows), _settled(user, rows)
    found = []
    for row in sorted(rows, key=lambda row: _is_spare(row.method)):
        way = rules.Way(
            registry.get(row.method).strength,
            settled=not row.destination or row.destination in settled,
        )
        proves = rules.second(way, who)
        if rules.leads(goal, proves, staff=who.staff) is not Leads.NOWHERE:
            found.append(Offer(row, proves, registry.label(row)))
    return found


def _settled(user: User, rows: list[DeviceRow]) -> set[str]:
    if not any(row.destination for row in rows):
        return set()
    return {phone.number for phone in reached.trusted_phones(user.pk)}
