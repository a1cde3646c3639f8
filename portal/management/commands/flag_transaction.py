"""``manage.py flag_transaction``: what watches transactions asks a client about one."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management import CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.origin import SYSTEM
from accounts.transactions import services
from accounts.transactions.models import Kind
from accounts.transactions.services import Flagged
from accounts.users.models import User
from portal.management.plain import PlainCommand


class Command(PlainCommand):
    """Flags one transaction."""

    help = (
        "Ask a client whether a transaction is theirs, and hold withdrawals until they have "
        "answered. --id is the id in the system that watches: said twice, it is asked once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What is known of it."""
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--id", required=True, help="its id in the system that watches")
        parser.add_argument("--kind", required=True, choices=Kind.values)
        parser.add_argument("--amount", required=True)
        parser.add_argument("--currency", default="USD")
        parser.add_argument("--what", required=True, help="to whom, or of what; they read it")
        parser.add_argument("--at", default="", help="RFC 3339; now, if left out")
        parser.add_argument("--account", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        user = User.objects.by_name(options["username"])
        if user is None or user.is_staff:
            raise CommandError(f"there is no client {options['username']}")
        try:
            made = services.flag(
                user_id=user.pk,
                flagged=Flagged(
                    kind=Kind(options["kind"]),
                    what=options["what"],
                    amount=Decimal(options["amount"]),
                    currency=options["currency"],
                    at=_at(options["at"]),
                    account=options["account"],
                ),
                origin=SYSTEM,
                external=options["id"],
            )
        except InvalidOperation:
            raise CommandError(f"{options['amount']} is no amount") from None
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{made.shown} {made.state} {user.username}")


def _at(text: str) -> datetime:
    if not text:
        return timezone.now()
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None or timezone.is_naive(at):
        raise CommandError(f"{text} is no time with a zone")
    return at
