import uuid
from datetime import datetime

from django.db import models
from django.utils import timezone

from accounts import vault
from sls.methods.device import Authenticator
from sls.methods.temporary_passcode import rules
from sls.methods.temporary_passcode.rules import Stage


class Passcode(Authenticator):
    """A passcode that was issued to its user. The row stays when it is over: never two in a row."""

    handle = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    secret = models.BinaryField(null=True)  # sealed; NULL once it is over
    until = models.DateTimeField()  # opens everything
    card_until = models.DateTimeField()  # opens the page of the online card

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=False) | models.Q(secret__isnull=False),
                name="live_passcode_has_a_secret",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True) | models.Q(confirmed=False),
                name="revoked_passcode_is_not_trusted",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_passcode_per_user",
            ),
        ]

    @property
    def about(self) -> str:
        """By which its messages are found in the outbox."""
        return str(self.handle)

    @property
    def may_prove(self) -> bool:
        return super().may_prove and self.stage(timezone.now()) is not Stage.OVER

    @property
    def opens_all(self) -> bool:
        """Whether it opens everything now."""
        return self.stage(timezone.now()) is Stage.EVERYWHERE

    def stage(self, now: datetime) -> Stage:
        """What it opens at ``now``."""
        return rules.stage(now, until=self.until, card_until=self.card_until)

    def put(self, code: str) -> None:
        """Seals the passcode; the caller saves."""
        self.secret = vault.seal(code.encode(), table="passcode", row=str(self.handle))

    def code(self) -> str:
        """The passcode, to send it and to compare it. Raises ``vault.CannotOpen``."""
        if self.secret is None:
            raise vault.CannotOpen("erased")
        return vault.unseal(self.secret, table="passcode", row=str(self.handle)).decode()
