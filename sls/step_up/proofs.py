"""By which fresh code somebody may prove a sensitive action."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from accounts.contacts import kinds, sim
from accounts.contacts import services as contacts
from sls.methods import registry
from sls.methods.protocol import DeviceRow


@dataclass(frozen=True, slots=True)
class Way:
    """``number`` tells it apart on the page; ``label`` names it without saying a whole number."""

    number: int
    row: DeviceRow
    label: str


def ways(*, user_id: int, changed_phone: int | None) -> list[Way]:
    """What may prove now, best first; three queries at most.

    Codes are sent to verified numbers that have been on the list long enough and are not being
    changed. Whatever number they go to, failures count for the authenticator that signs in.
    """
    rows: list[DeviceRow] = []
    for row in registry.devices(user_id):
        if not row.destination:
            rows.append(row)
        elif not any(other.destination for other in rows):
            rows.extend(_numbers(row, user_id, changed_phone))
    return [Way(place, row, registry.label(row)) for place, row in enumerate(rows)]


def _numbers(row: DeviceRow, user_id: int, changed_phone: int | None) -> list[DeviceRow]:
    phones = [phone for phone in contacts.trusted_phones(user_id) if phone.pk != changed_phone]
    phones.sort(key=lambda phone: phone.number != row.destination)
    return [
        replace(row, destination=phone.number, takes_sms=phone.takes_sms, name=phone.masked)
        for phone in phones
    ]


def trusted_from(*, user_id: int, changed_phone: int | None) -> datetime | None:
    """When the next new number may prove, if there is one that is only too new."""
    now = timezone.now()
    return min(
        (
            phone.trusted_from
            for phone in contacts.listed(kinds.PHONE, user_id)
            if phone.pk != changed_phone and phone.trusted_from and phone.trusted_from > now
        ),
        default=None,
    )


def new_sim_until(*, user_id: int) -> datetime | None:
    """When the next number may prove that only its new SIM card keeps from it, if there is one."""
    now = timezone.now()
    phones = contacts.listed(kinds.PHONE, user_id)
    return min((at for phone in phones if (at := sim.barred_until(phone, now))), default=None)
