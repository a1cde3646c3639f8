"""What operators' commands share."""

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError


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


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
