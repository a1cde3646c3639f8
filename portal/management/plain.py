"""What operators' commands share."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

from accounts.origin import SYSTEM, Origin
from accounts.users.models import User


class PlainCommand(BaseCommand):
    """A command that ends with one line, also when a server it needs is away."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Runs the command; a server that does not answer is a ``CommandError``."""
        try:
            return super().execute(*args, **options)
        except (OperationalError, InterfaceError) as error:
            raise CommandError(f"the database does not answer: {_line(error)}") from None
        except RedisError as error:
            raise CommandError(f"the cache does not answer: {_line(error)}") from None


class UserCommand(PlainCommand):
    """An act of staff on one user, with its reason: ``act`` does it and returns the line to say."""

    names = "the ticket"  # what the reason should name
    origin: Origin = SYSTEM
    actor = "staff:command"

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, and why."""
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--reason", required=True, help=f"kept in the audit; name {self.names}")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        reason = options["reason"].strip()
        if not reason:
            raise CommandError("the reason is empty")
        user = User.objects.by_name(options["username"])
        if user is None:
            raise CommandError(f"there is no user {options['username']}")
        self.stdout.write(self.act(user, reason))

    def act(self, user: User, reason: str) -> str:
        """Acts on ``user`` as ``actor`` from ``origin``. Raises ``CommandError``."""
        raise NotImplementedError


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
