"""``manage.py issue_passcode``: two of staff give a client a temporary passcode."""

from typing import Any

from django.core.management import CommandError, CommandParser

from accounts.outbox.models import Channel
from accounts.users.models import User
from accounts.users.two import NotTwo
from portal.management.plain import UserCommand
from sls.methods.temporary_passcode import services
from sls.methods.temporary_passcode.rules import Refusal


class Command(UserCommand):
    """Issues a temporary passcode."""

    help = (
        "Send a temporary passcode to a verified number of a client who has nothing left to sign "
        "in with. Identify the client by telephone first, and ask a second person of staff, who "
        "does so too. The passcode is in the message and nowhere else. It opens everything for two "
        "days, then for ten more only the online security code card; never two in a row. Every "
        "contact is told; the act, its reason and both names are written to the client's audit "
        "trail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, why, who the two are, and how it is sent."""
        super().add_arguments(parser)
        parser.add_argument(
            "--by", required=True, metavar="STAFF", help="who identified the client"
        )
        parser.add_argument(
            "--with", required=True, dest="second", metavar="STAFF", help="the second person"
        )
        parser.add_argument("--call", action="store_true", help="by voice call instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        self.staff = [_known(options["by"]), _known(options["second"])]
        self.delivery = Channel.VOICE if options["call"] else Channel.SMS
        super().handle(*args, **options)

    def act(self, user: User, reason: str) -> str:
        """One line."""
        try:
            made = services.issue(
                user=user, by=self.staff, delivery=self.delivery, reason=reason, origin=self.origin
            )
        except NotTwo as error:
            raise CommandError(str(error)) from None
        if isinstance(made, Refusal):
            raise CommandError(f"{user.username}: refused, {made.value.replace('_', ' ')}")
        names = " and ".join(one.username for one in self.staff)
        return f"{user.username}: a temporary passcode is on its way, by {names}"


def _known(name: str) -> User:
    user = User.objects.by_name(name)
    if user is None:
        raise CommandError(f"there is no user {name}")
    return user
