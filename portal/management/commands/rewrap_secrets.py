"""``manage.py rewrap_secrets``: moves what lasts to the active key-encryption key."""

from typing import Any

from django.core.management import CommandError

from accounts.vault import CannotOpen
from portal.management.plain import PlainCommand
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.backup_codes.models import CodeSet
from sls.methods.dsc_plus.models import Card, Order
from sls.methods.rewrapping import rewrap

SEALED = (
    *((AppDevice, "seed"), (CodeSet, "key")),
    *((Card, "seed"), (Card, "pin"), (Order, "address"), (Order, "pin")),
)


class Command(PlainCommand):
    """Wraps the secrets of authenticators and of cards by the key that KEK_ACTIVE names."""

    help = (
        "Wrap every seed and PIN of authenticators and cards, every key of backup codes and every "
        "card order by the key that KEK_ACTIVE names, without decrypting it. Codes and messages "
        "live for minutes and need no rewrapping. Afterwards the old key file may go, once the "
        "last message it sealed is over (a day)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        try:
            done = sum(rewrap(model, field) for model, field in SEALED)
        except CannotOpen as error:
            raise CommandError(f"a secret cannot be rewrapped: {error}") from None
        self.stdout.write(f"{done} rewrapped")
