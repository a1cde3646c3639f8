"""``manage.py unlock``: support lifts a sign-in lock."""

from typing import Any

from django.core.management import CommandError, CommandParser

from accounts.origin import SYSTEM
from accounts.users.models import User
from portal.management.plain import PlainCommand
from sls.login.unlock import unlock


class Command(PlainCommand):
    """Forgets the wrong passwords of a name."""

    help = (
        "Lift the lock that wrong passwords put on a user name, from every browser. The password "
        "stays as it is; disabled authenticators are not touched. The act and its reason are "
        "written to the client's audit trail."
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
        cleared = unlock(user=user, reason=reason, actor="staff:command", origin=SYSTEM)
        state = "unlocked" if cleared else "was not locked"
        self.stdout.write(f"{user.username} {state}")
