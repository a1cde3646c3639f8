"""``manage.py freeze``: staff stop everything for a client who calls and says "this was not me"."""

from typing import Any

from django.core.management import CommandParser

from accounts.freeze import services
from accounts.freeze.models import How, Trading
from accounts.users.models import User
from portal.management.plain import UserCommand


class Command(UserCommand):
    """Stops everything for a user."""

    help = (
        "Stop everything for a user name at once: sessions end, nobody signs in, money, bank "
        "instructions and settings are held. For a client on the telephone. It only takes rights "
        "away; letting everything go on again takes the client's strongest authenticator and a "
        "day, or two of staff (thaw)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, why, and what of the trading."""
        super().add_arguments(parser)
        parser.add_argument("--trading", choices=Trading.values, default=Trading.CLOSE_ONLY.value)

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        self.trading = Trading(options["trading"])
        super().handle(*args, **options)

    def act(self, user: User, reason: str) -> str:
        """One line, with the reference for the client."""
        made = services.freeze(
            user_id=user.pk,
            origin=self.origin,
            how=How.STAFF,
            trading=self.trading,
            actor=self.actor,
            reason=reason,
        )
        return f"{user.username}: everything is stopped, reference {made.shown}"
