"""``manage.py lift_restrictions``: support lets somebody in who is shut out by their own list."""

from accounts.ip_restrictions.services import lift
from accounts.users.models import User
from portal.management.plain import UserCommand


class Command(UserCommand):
    """Removes the IP restrictions of a user."""

    help = (
        "Remove all IP restrictions of a user name at once. Identify the client by telephone "
        "first: from then on the account can be used from anywhere. Every contact is told; the act "
        "and its reason are written to the client's audit trail."
    )

    def act(self, user: User, reason: str) -> str:
        """One line."""
        count = lift(user=user, reason=reason, actor=self.actor, origin=self.origin)
        return f"{user.username}: {count} IP restrictions removed"
