"""``manage.py open_account``: a new client."""

from typing import Any

from django.conf import settings
from django.core.management import CommandError, CommandParser

from accounts.client_accounts.models import LegalEntity
from accounts.origin import SYSTEM
from portal.management.plain import PlainCommand
from sls.enrolment.services import CannotOpen, Opening, open_account

ACTOR = "staff:command"


class Command(PlainCommand):
    """Opens an account and mails the activation code."""

    help = (
        "Open an account for a new client: makes the user and the account, and mails an activation "
        "code to the e-mail address. The client then chooses a password and verifies the mobile "
        "number on the page 'Activate your access'. Nothing else can be reached before."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The facts the brokerage knows."""
        add = parser.add_argument
        add("--username", required=True, help="3 to 32 of a-z 0-9 . _ - (upper case is folded)")
        add("--name", required=True, help="full name of the person")
        add("--email", required=True, help="where the activation code goes")
        add("--mobile", required=True, help="mobile number as +E.164, verified at activation")
        add("--account", required=True, help="account number: U and seven digits")
        add(
            "--language",
            default="en",
            choices=[code for code, _ in settings.LANGUAGES],
            help="language of pages and messages (default: en)",
        )
        add(
            "--entity",
            default="",
            choices=LegalEntity.values,
            help="legal entity (default: that of the country of the mobile number)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """One line on success, one line on refusal."""
        names = Opening.__dataclass_fields__
        opening = Opening(**{name: options[name] for name in names})
        try:
            user = open_account(opening=opening, origin=SYSTEM, actor=ACTOR)
        except CannotOpen as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{opening.account} opened for {user.username}; activation code mailed")
