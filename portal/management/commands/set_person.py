"""``manage.py set_person``: the brokerage says which person is behind a user name."""

from typing import Any

from django.core.management import CommandError, CommandParser

from accounts.origin import SYSTEM
from accounts.users import identity
from accounts.users.models import User
from portal.management.plain import PlainCommand


class Command(PlainCommand):
    """Writes down the number of a person."""

    help = (
        "Set the brokerage's number of the person behind a user name. User names with the same "
        "number have identical identification (birth date, citizenship, country of residence, "
        "kind and number of the identity document), and may share a security card. The act is "
        "written to the client's audit trail, without the number."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and which."""
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("person", metavar="PERSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        user = User.objects.by_name(options["username"])
        if user is None:
            raise CommandError(f"there is no user {options['username']}")
        try:
            identity.set_person(
                user=user, person=options["person"], origin=SYSTEM, actor="staff:command"
            )
        except identity.NoPerson as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{user.username} is known as that person")
