import uuid

from django.db import models
from django.utils import timezone

from accounts import vault
from sls.methods.device import Authenticator


class OnlineCard(Authenticator):
    """A sheet of values; pending until it is activated."""

    handle = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    seed = models.BinaryField(null=True)  # sealed; NULL once it is over
    issued = models.PositiveSmallIntegerField(default=0)  # challenges so far
    answered = models.PositiveSmallIntegerField(default=0)  # of them, rightly
    unanswered = models.PositiveSmallIntegerField(default=0)  # since the last right answer
    ends_at = models.DateTimeField(null=True)  # from the activation on

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=False) | models.Q(seed__isnull=False),
                name="live_online_card_has_a_seed",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed=False) | models.Q(ends_at__isnull=False),
                name="active_online_card_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True) | models.Q(confirmed=False),
                name="revoked_online_card_is_not_trusted",
            ),
        ]

    @property
    def may_prove(self) -> bool:
        return super().may_prove and (self.ends_at is None or timezone.now() < self.ends_at)

    def put_seed(self, seed: bytes) -> None:
        """Seals the seed; the caller saves."""
        self.seed = vault.seal(seed, table="online_card", row=str(self.handle))

    def open_seed(self) -> bytes:
        """The seed. Raises ``vault.CannotOpen``."""
        if self.seed is None:
            raise vault.CannotOpen("erased")
        return vault.unseal(self.seed, table="online_card", row=str(self.handle))
