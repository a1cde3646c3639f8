"""``manage.py move_account``: an account goes to another legal entity."""

from typing import Any

from django.core.management import CommandError, CommandParser

from accounts.client_accounts.models import LegalEntity
from accounts.client_accounts.moving import CannotMove, move_entity
from accounts.origin import SYSTEM
from portal.management.plain import PlainCommand


class Command(PlainCommand):
    """Moves an account; its users keep what they sign in with."""

    help = (
        "Move an account to another legal entity. Authenticators, known devices and sessions of "
        "its users stay, and every user is told. Who is opted out of the Secure Login System is "
        "opted back in where the new entity lets nobody opt out (Hong Kong, India)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, where to, and why."""
        parser.add_argument("number", metavar="NUMBER")
        parser.add_argument("entity", metavar="ENTITY", choices=LegalEntity.values)
        parser.add_argument("--reason", required=True, help="kept in the audit")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line, and one for each who was opted back in."""
        reason = options["reason"].strip()
        if not reason:
            raise CommandError("the reason is empty")
        entity = LegalEntity(options["entity"])
        try:
            back = move_entity(
                number=options["number"],
                entity=entity,
                reason=reason,
                origin=SYSTEM,
                actor="staff:command",
            )
        except CannotMove as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{options['number']} is at {entity.label}")
        for username in back:
            self.stdout.write(f"{username} is opted back in")
