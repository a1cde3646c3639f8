"""``manage.py thaw``: two of staff let everything go on again for somebody they have identified."""

from typing import Any

from django.core.management import CommandError, CommandParser

from accounts.freeze import rules, services
from accounts.users.models import User
from portal.management.plain import UserCommand


class Command(UserCommand):
    """Ends a freeze on the word of two of staff."""

    help = (
        "Let everything go on again for a user name whose owner said “this was not me”. Identify "
        "the client by telephone first, and ask a second person of staff, who does so too. Every "
        "contact is told; the act, its reason and both names are written to the client's audit "
        "trail. Sessions, API tokens and known browsers that were ended stay ended."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, why, and who the two are."""
        super().add_arguments(parser)
        parser.add_argument(
            "--by", required=True, metavar="STAFF", help="who identified the client"
        )
        parser.add_argument(
            "--with", required=True, dest="second", metavar="STAFF", help="the second person"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        self.staff = [_staff(options["by"]), _staff(options["second"])]
        super().handle(*args, **options)

    def act(self, user: User, reason: str) -> str:
        """One line."""
        if user in self.staff:
            raise CommandError(f"{user.username} cannot be let go on by {user.username}")
        names = [one.username for one in self.staff]
        if not rules.two_persons([one.person or one.username for one in self.staff]):
            raise CommandError("it takes two persons of staff")
        if not services.is_frozen(user):
            return f"{user.username}: nothing was stopped"
        by = f"staff:{'+'.join(names)}"
        services.thaw(user_id=user.pk, origin=self.origin, by=by, reason=reason)
        return f"{user.username}: everything goes on again, by {' and '.join(names)}"


def _staff(name: str) -> User:
    user = User.objects.by_name(name)
    if user is None or not user.is_staff or not user.is_active:
        raise CommandError(f"{name} is not of our staff")
    if services.is_frozen(user):
        raise CommandError(f"everything is stopped for {name} too")
    return user
