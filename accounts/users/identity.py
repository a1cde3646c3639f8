"""Which person is behind a user name, as the brokerage has identified them."""

import re

from django.db import transaction

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.users.models import User


class NoPerson(ValueError):
    """What was given is no number of a person; the message is one line for an operator."""


def set_person(*, user: User, person: str, origin: Origin, actor: str) -> None:
    """User names with the same number have identical identification. Raises ``NoPerson``."""
    if not re.fullmatch(r"[A-Za-z0-9-]{4,64}", person):
        raise NoPerson("the number of a person has 4 to 64 letters, digits and dashes")
    with transaction.atomic():
        locked = audit.lock(user.pk)
        locked.person = person
        locked.save(update_fields=["person"])
        audit.record(Event.PERSON_SET, user=locked, origin=origin, actor=actor)
