"""The door of a page of the console: a power of ``rules.Power`` opens it, and nothing else."""

import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.origin import Origin
from accounts.users.models import User
from portal.console import rules
from portal.console.rules import Power

POWER = "console_power"


def roles_of(user: User) -> frozenset[str]:
    """The names of the user's roles, asked for once a request. One query the first time."""
    if not hasattr(user, "_roles"):
        user._roles = frozenset(user.groups.values_list("name", flat=True))
    return user._roles


def powers_of(user: User) -> frozenset[Power]:
    """What this member of staff may do now; nothing for whoever is not of staff."""
    if not (user.is_authenticated and user.is_staff and user.is_active):
        return frozenset()
    return rules.powers(roles_of(user))


def needs[F: Callable[..., HttpResponse]](power: Power | None) -> Callable[[F], F]:
    """Opens the view to whoever of staff has ``power``, None for all of staff; 403 for others.

    The views of the console without this mark do not start (``site.checked``).
    """

    def close(view: F) -> F:
        @functools.wraps(view)
        def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if power is not None and power not in powers_of(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        setattr(closed, POWER, power)
        return closed

    return close


def may_any(user: User, wanted: Iterable[Power]) -> bool:
    """Whether the user has one of these powers."""
    return not powers_of(user).isdisjoint(wanted)


def origin_of(request: HttpRequest) -> Origin:
    """Where an act of staff comes from, as the client's own trail says it: where our staff sit is
    none of their business; the request leads to it."""
    return Origin(
        platform="console",
        request_id=request.origin.request_id,
        actor=actor_of(request.user),
    )


def actor_of(user: User) -> str:
    """Who acts, as entries of the audit name them."""
    return f"staff:{user.username}"
