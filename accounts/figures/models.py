import json
from datetime import UTC

from django.db import models

from accounts import vault
from accounts.client_accounts.models import ClientAccount
from accounts.figures import rules
from accounts.figures.rules import Figures


class Snapshot(models.Model):
    """The newest figures of an account; one row each, which the next delivery overwrites."""

    account = models.OneToOneField(
        ClientAccount, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    as_of = models.DateTimeField()
    received_at = models.DateTimeField()
    system = models.CharField(max_length=32)  # which delivered them
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"figures of {self.account_id}"

    def put(self, figures: Figures) -> None:
        """Seals them; the caller saves."""
        self.as_of = figures.as_of
        self.sealed = vault.seal(json.dumps(rules.told(figures)).encode(), **self._about())

    def opened(self) -> Figures:
        """Raises ``vault.CannotOpen``."""
        kept = json.loads(vault.unseal(self.sealed, **self._about()))
        return rules.read(kept, as_of=self.as_of)

    def _about(self) -> dict[str, str]:
        # With the time: figures of another day under this one do not open.
        return {
            "table": "figures",
            "row": str(self.account_id),
            "as_of": self.as_of.astimezone(UTC).isoformat(timespec="microseconds"),
        }
