"""``manage.py ship_card``: a card from the stock is on its way to a client."""

from typing import Any

from django.core.management import CommandError, CommandParser

from accounts.origin import SYSTEM
from accounts.users.models import User
from portal.management.plain import PlainCommand
from sls.methods.dsc_plus import stock


class Command(PlainCommand):
    """Ships what a client has ordered."""

    help = (
        "Send a card from the stock to a client who has ordered one. The PIN that the client chose "
        "becomes the card's, the reserve is held on their account, and they are told that the card "
        "is on its way."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which card, and to whom."""
        parser.add_argument("serial", metavar="SERIAL")
        parser.add_argument("username", metavar="USERNAME")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        user = User.objects.by_name(options["username"])
        if user is None:
            raise CommandError(f"there is no user {options['username']}")
        try:
            stock.ship(
                serial=options["serial"].strip(), user=user, origin=SYSTEM, actor="staff:command"
            )
        except stock.CannotShip as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"card {options['serial'].strip()} is on its way to {user.username}")
