"""By which fresh proof somebody may confirm a sensitive action."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from accounts.contacts import kinds, reached, sim
from sls.algorithms.risk import Level
from sls.methods import registry
from sls.methods.protocol import DeviceRow
from sls.methods.rules import Strength, is_spare
from sls.policy import services as policy
from sls.step_up import rules
from sls.step_up.models import Pending
from sls.step_up.rules import Factor


@dataclass(frozen=True, slots=True)
class Way:
    """``number`` tells it apart on the page; ``label`` names it without saying a whole number."""

    number: int
    row: DeviceRow
    label: str

    def is_of(self, *, device: str, destination: str) -> bool:
        """Whether a challenge of that device and destination came by this way."""
        return (self.row.id, self.row.destination) == (device, destination)


def least(*, user_id: int, action: str, risk: int = 0) -> Strength:
    """How strong a proof the action needs from this user; three queries at most.

    ``risk`` is that of the session: it raises what is needed, and never lowers it.

    An authenticator that is switched off after wrong codes counts as held: guessing at the strong
    one must not open the action to a weaker one.
    """
    held = {row.method for row in registry.devices(user_id) if not _is_spare(row)}
    demanded = max(policy.standing(policy.read(user_id)).least, rules.RAISED[Level(risk)])
    asked = _needed(action, held, demanded)
    if asked >= max(rules.TABLE[action].least, demanded):
        return asked
    return _needed(action, held | registry.switched_off(user_id), demanded)


def _needed(action: str, methods: set[str], demanded: int) -> Strength:
    strengths = {registry.get(code).strength for code in methods}
    return rules.needed(action, strengths, policy=demanded)


def _is_spare(row: DeviceRow) -> bool:
    method = registry.get(row.method)
    return is_spare(permanent=method.permanent, sent=bool(method.channels))


def ways(pending: Pending) -> list[Way]:
    """What may prove the pending action now, best first; two queries at most.

    Codes are sent to verified numbers that have been on the list long enough and are not being
    changed. Whatever number they go to, failures count for the authenticator that signs in.
    """
    rows: list[DeviceRow] = []
    for row in registry.devices(pending.user_id):
        if not row.destination:
            rows.append(row)
        elif not any(other.destination for other in rows):
            rows.extend(_numbers(row, pending))
    chosen = rules.proving(
        rules.demand(pending.action, risk=Level(pending.risk)),
        Strength(pending.least),
        [_factor(row, pending) for row in rows],
    )
    return [
        Way(number, rows[place], registry.label(rows[place])) for number, place in enumerate(chosen)
    ]


def _factor(row: DeviceRow, pending: Pending) -> Factor:
    return Factor(
        registry.get(row.method).strength,
        spare=_is_spare(row),
        changed=row.id == pending.changed_device,
        enough=row.method in rules.TABLE[pending.action].also,
    )


def _numbers(row: DeviceRow, pending: Pending) -> list[DeviceRow]:
    trusted = reached.trusted_phones(pending.user_id)
    phones = [phone for phone in trusted if phone.pk != pending.changed_phone]
    phones.sort(key=lambda phone: phone.number != row.destination)
    return [
        replace(row, destination=phone.number, takes_sms=phone.takes_sms, name=phone.masked)
        for phone in phones
    ]


def is_out_of_reach(pending: Pending) -> bool:
    """Whether more is asked than a code to a telephone number, whichever number that is."""
    return pending.least > Strength.TELEPHONE


def trusted_from(pending: Pending) -> datetime | None:
    """When the next new number may prove, if there is one that is only too new."""
    now = timezone.now()
    return min(
        (
            phone.trusted_from
            for phone in reached.listed(kinds.PHONE, pending.user_id)
            if phone.pk != pending.changed_phone and phone.trusted_from and phone.trusted_from > now
        ),
        default=None,
    )


def new_sim_until(*, user_id: int) -> datetime | None:
    """When the next number may prove that only its new SIM card keeps from it, if there is one."""
    now = timezone.now()
    phones = reached.listed(kinds.PHONE, user_id)
    return min((at for phone in phones if (at := sim.barred_until(phone, now))), default=None)
