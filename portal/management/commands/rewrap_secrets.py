"""``manage.py rewrap_secrets``: moves what lasts to the active key-encryption key."""

from typing import Any

from django.core.management import CommandError

from accounts.vault import CannotOpen
from portal.management.plain import PlainCommand
from sls.methods.authenticator_app.services import rewrap_seeds


class Command(PlainCommand):
    """Wraps authenticator seeds by the key that KEK_ACTIVE names."""

    help = (
        "Wrap every authenticator seed by the key that KEK_ACTIVE names, without decrypting it. "
        "Codes and messages live for minutes and need no rewrapping. Afterwards the old key file "
        "may go, once the last message it sealed is over (a day)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        try:
            done = rewrap_seeds()
        except CannotOpen as error:
            raise CommandError(f"a seed cannot be rewrapped: {error}") from None
        self.stdout.write(f"{done} rewrapped")
