"""``manage.py withdraw_passcode``: a temporary passcode opens nothing any more."""

from accounts.users.models import User
from portal.management.plain import UserCommand
from sls.methods.temporary_passcode import services


class Command(UserCommand):
    """Ends a temporary passcode."""

    help = (
        "Withdraw the temporary passcode of a client, and end every session that it opened. The "
        "act and its reason are written to the client's audit trail."
    )

    def act(self, user: User, reason: str) -> str:
        """One line."""
        gone = services.withdraw(user=user, reason=reason, origin=self.origin, actor=self.actor)
        return f"{user.username}: {'withdrawn' if gone else 'there was none'}"
