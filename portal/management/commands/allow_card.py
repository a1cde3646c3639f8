"""``manage.py allow_card``: support lets somebody below the threshold request a card."""

from typing import Any

from django.core.management import CommandError, CommandParser

from accounts.origin import SYSTEM
from accounts.users.models import User
from portal.management.plain import PlainCommand
from sls.cards import orders


class Command(PlainCommand):
    """Allows a card below the threshold."""

    help = (
        "Let a client request a security card although their largest account is not above "
        "CARD_THRESHOLD_USD. The act and its reason are written to the client's audit trail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, and why."""
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--reason", required=True, help="kept in the audit; name the ticket")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        reason = options["reason"].strip()
        if not reason:
            raise CommandError("the reason is empty")
        user = User.objects.by_name(options["username"])
        if user is None:
            raise CommandError(f"there is no user {options['username']}")
        made = orders.allow(user=user, reason=reason, origin=SYSTEM, actor="staff:command")
        state = "may request a card" if made else "was allowed a card already"
        self.stdout.write(f"{user.username} {state}")
