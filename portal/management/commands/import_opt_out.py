"""``manage.py import_opt_out``: an opt-out that was agreed before this portal."""

from typing import Any

from django.core.management import CommandError, CommandParser

from accounts.client_accounts.opt_out import CannotOptOut, import_opt_out
from accounts.origin import SYSTEM
from accounts.users.models import User
from portal.management.plain import PlainCommand


class Command(PlainCommand):
    """Marks a client as opted out of the second factor on trading platforms."""

    help = (
        "Import an opt-out of the Secure Login System that was agreed before this portal: trading "
        "platforms take the password alone, and withdrawals have the limits of no second factor. "
        "The portal itself goes on asking for one. Nobody with an account in Hong Kong or India "
        "can be opted out. The client is told, and is opted back in by the owner of the account."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, and why."""
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--reason", required=True, help="kept in the audit; name the agreement")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        reason = options["reason"].strip()
        if not reason:
            raise CommandError("the reason is empty")
        user = User.objects.by_name(options["username"])
        if user is None:
            raise CommandError(f"there is no user {options['username']}")
        try:
            changed = import_opt_out(user=user, reason=reason, origin=SYSTEM, actor="staff:command")
        except CannotOptOut as error:
            raise CommandError(str(error)) from None
        state = "is opted out" if changed else "was opted out already"
        self.stdout.write(f"{user.username} {state}")
