"""``manage.py allow_card``: support lets somebody below the threshold request a card."""

from accounts.users.models import User
from portal.management.plain import UserCommand
from sls.cards import orders


class Command(UserCommand):
    """Allows a card below the threshold."""

    help = (
        "Let a client request a security card although their largest account is not above "
        "CARD_THRESHOLD_USD. The act and its reason are written to the client's audit trail."
    )

    def act(self, user: User, reason: str) -> str:
        """One line."""
        made = orders.allow(user=user, reason=reason, origin=self.origin, actor=self.actor)
        state = "may request a card" if made else "was allowed a card already"
        return f"{user.username} {state}"
