"""``manage.py charge_card``: a card will not come back whole."""

from typing import Any

from django.core.management import CommandError, CommandParser

from accounts.origin import SYSTEM
from portal.management.plain import PlainCommand
from sls.cards import returning
from sls.cards.rules import CHARGED, Why


class Command(PlainCommand):
    """Charges what is held for a card."""

    help = (
        "Charge what is held for a card that was lost, stolen, damaged or not returned. An empty "
        "battery is never charged. The act is written to the client's audit trail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which card, and why."""
        parser.add_argument("serial", metavar="SERIAL")
        parser.add_argument("--why", required=True, choices=sorted(CHARGED))

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        serial, why = options["serial"].strip(), Why(options["why"])
        try:
            returning.charge(serial=serial, why=why, origin=SYSTEM, actor="staff:command")
        except returning.NoSuchCard as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"card {serial} is charged")
