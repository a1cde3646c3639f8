"""Where somebody of staff sits, as clients are told it: by their role, and never by choice."""

from accounts.callers.models import Department
from accounts.users.models import User
from portal.console.doors import roles_of
from portal.console.rules import Role


def department_of(staff: User) -> Department:
    """The department of whoever talks to a client."""
    roles = roles_of(staff)
    if Role.OFFICER in roles:
        return Department.SECURITY
    if Role.CARDS in roles and not roles & {Role.AGENT, Role.LEAD}:
        return Department.CARDS
    return Department.SERVICES
