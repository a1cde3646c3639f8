"""``manage.py rewrap_secrets``: moves what lasts to the active key-encryption key."""

from typing import Any

from django.core.management import CommandError

from accounts.documents.models import Document
from accounts.figures.models import Snapshot
from accounts.outbox.hooks.models import HookKey
from accounts.outbox.models import Endpoint
from accounts.users.models import User
from accounts.vault import CannotOpen
from portal.management.plain import PlainCommand
from sls.decisions.models import Withdrawal
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.backup_codes.models import CodeSet
from sls.methods.dsc_plus.models import Card, Order
from sls.methods.ib_key.models import IbKeyDevice
from sls.methods.online_card.models import OnlineCard
from sls.methods.rewrapping import rewrap
from sls.methods.temporary_passcode.models import Passcode

SEALED = (
    (User, "phrase"),
    *((AppDevice, "seed"), (CodeSet, "key")),
    *((IbKeyDevice, "secret"), (IbKeyDevice, "pin"), (Endpoint, "subscription")),
    *((OnlineCard, "seed"), (Passcode, "secret")),
    *((Card, "seed"), (Card, "pin"), (Order, "address"), (Order, "pin")),
    *((Withdrawal, "destination"), (Snapshot, "sealed"), (Document, "key"), (HookKey, "secret")),
)


class Command(PlainCommand):
    """Wraps the secrets of people, authenticators and cards by the key that KEK_ACTIVE names."""

    help = (
        "Wrap every seed and PIN of authenticators, phones and cards, every temporary passcode, "
        "every key of backup codes, every card order, every phrase, all balances and the keys of "
        "documents by the key that KEK_ACTIVE names, without decrypting it. Codes and messages "
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
