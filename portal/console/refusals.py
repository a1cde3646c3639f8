"""What staff tried and may not: written down, and told to a second person (SECURITY A14).

The first attempt of an hour is mailed to every security officer but the one who tried; those after
it stand in the trail, up to the rate, so that nobody drowns the one mail that counts.
"""

import logging
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone, translation

from accounts import limits
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.contacts import mailing
from accounts.users.models import User
from accounts.users.two import are_one
from portal.console import staffing, wording
from portal.console.doors import actor_of
from portal.console.rules import Role

MESSAGE = "staff_refused"
ABOUT_MAX = 64

log = logging.getLogger(__name__)


class Why(StrEnum):
    """Why it was refused."""

    POWER = "power"  # the role does not open it
    OWN = "own"  # whoever tried is the client, or has asked for it themselves
    PLACE = "place"  # from an address where staff do not work


class Own(PermissionDenied):
    """Whoever tried would act on themselves."""


def note(request: HttpRequest, why: Why) -> None:
    """Records the attempt and tells a second person. Changes nothing else, and never raises for
    whoever cannot be told. Must not run inside a transaction."""
    staff, match = request.user, request.resolver_match
    if limits.take("refusals_per_staff", str(staff.pk)).over:
        log.warning("attempts of %s are refused, and no longer written one by one", staff.pk)
        return
    with transaction.atomic():
        audit.record(
            Event.STAFF_REFUSED,
            user=None,
            origin=request.origin,
            actor=actor_of(staff),
            detail={
                "why": why.value,
                "page": match.url_name or "",
                "method": request.method,
                "about": str(match.kwargs.get("username", ""))[:ABOUT_MAX],
            },
        )
        for officer in _told(staff):
            _mail(officer, staff, why)


def _told(staff: User) -> list[User]:
    """Security officers but whoever tried; leads where there is no other officer."""
    for role in (Role.OFFICER, Role.LEAD):
        found = [one for one in staffing.holding(role) if not are_one(one, staff)]
        if found:
            return found
    log.error("an attempt of staff was refused, and there is nobody to tell")
    return []


def _mail(officer: User, staff: User, why: Why) -> None:
    with translation.override(officer.language):
        words = str(wording.REFUSED[why.value])
    about = f"refused:{staff.pk}:{timezone.now():%Y%m%d%H}"
    mailing.mail(officer, name=MESSAGE, about=about, staff=staff.username, what=words)
