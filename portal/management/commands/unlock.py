"""``manage.py unlock``: support lifts a sign-in lock."""

from accounts.users.models import User
from portal.management.plain import UserCommand
from sls.login.unlock import unlock


class Command(UserCommand):
    """Forgets the wrong passwords of a name."""

    help = (
        "Lift the lock that wrong passwords put on a user name, from every browser. The password "
        "stays as it is; disabled authenticators are not touched. The act and its reason are "
        "written to the client's audit trail."
    )

    def act(self, user: User, reason: str) -> str:
        """One line."""
        cleared = unlock(user=user, reason=reason, actor=self.actor, origin=self.origin)
        state = "unlocked" if cleared else "was not locked"
        return f"{user.username} {state}"
