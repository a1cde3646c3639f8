import uuid

from django.db import models

from accounts import vault
from sls.methods.device import Authenticator


class AppDevice(Authenticator):
    """An authenticator app that shares a seed."""

    handle = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    seed = models.BinaryField(null=True)
    last_step = models.BigIntegerField(default=-1)
    drift = models.SmallIntegerField(default=0)  # of its clock, in steps

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=False) | models.Q(seed__isnull=False),
                name="live_app_device_has_a_seed",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True) | models.Q(confirmed=False),
                name="revoked_app_device_is_not_trusted",
            ),
        ]

    def put_seed(self, seed: bytes) -> None:
        """Seals the seed; the caller saves."""
        self.seed = vault.seal(seed, table="app_device", row=str(self.handle))

    def open_seed(self) -> bytes:
        """The seed. Raises ``vault.CannotOpen``."""
        if self.seed is None:
            raise vault.CannotOpen("revoked")
        return vault.unseal(self.seed, table="app_device", row=str(self.handle))
