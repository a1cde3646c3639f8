"""``manage.py demand_password_change``: somebody else may know a password."""

from accounts.passwords.demand import demand_change
from accounts.users.models import User
from portal.management.plain import UserCommand


class Command(UserCommand):
    """Demands a new password of a user."""

    help = (
        "Demand a new password of a user, because there is evidence that somebody else knows it. "
        "Every session of theirs then leads only to the page that changes it. The person is told; "
        "the act and its reason are written to their audit trail."
    )
    names = "the evidence"

    def act(self, user: User, reason: str) -> str:
        """One line."""
        done = demand_change(user=user, why=reason, origin=self.origin, actor=self.actor)
        state = "has to change the password" if done else "had to change the password already"
        return f"{user.username} {state}"
