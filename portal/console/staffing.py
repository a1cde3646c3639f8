"""The roles of a member of staff: groups of Django of the names in ``rules.Role``."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db.models import QuerySet

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.users.models import User
from portal.console.rules import Role


def holding(*roles: Role) -> QuerySet[User]:
    """Active staff who hold one of the roles, each once, as they came."""
    names = [role.value for role in roles]
    holders = User.objects.filter(is_staff=True, is_active=True, groups__name__in=names)
    return holders.distinct().order_by("pk")


def set_roles(
    user: User, roles: Iterable[Role], *, reason: str, actor: str, origin: Origin
) -> None:
    """The person has these roles and no others from now on. The caller holds their lock."""
    wanted = sorted(role.value for role in roles)
    was = sorted(user.groups.values_list("name", flat=True))
    user.groups.set([Group.objects.get_or_create(name=name)[0] for name in wanted])
    detail = {"was": was, "roles": wanted, "reason": reason}
    audit.record(Event.STAFF_ROLES, user=user, origin=origin, actor=actor, detail=detail)
