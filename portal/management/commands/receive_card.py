"""``manage.py receive_card``: a card that was sent back has arrived."""

from typing import Any

from django.core.management import CommandError, CommandParser

from accounts.origin import SYSTEM
from portal.management.plain import PlainCommand
from sls.cards import returning


class Command(PlainCommand):
    """Takes a card back."""

    help = (
        "Take back a card that a client has returned. It serves nobody any more, what was held for "
        "it is given back, and its holder is told."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which card."""
        parser.add_argument("serial", metavar="SERIAL")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        serial = options["serial"].strip()
        try:
            returning.receive(serial=serial, origin=SYSTEM, actor="staff:command")
        except returning.NoSuchCard as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"card {serial} is back")
