import uuid

from django.db import models
from django.utils import timezone

from accounts import vault
from accounts.challenges.models import Challenge, Purpose
from sls.methods.device import Authenticator


class AppDevice(Authenticator):
    """An authenticator app that shares a seed."""

    handle = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    seed = models.BinaryField(null=True)
    last_step = models.BigIntegerField(default=-1)
    drift = models.SmallIntegerField(default=0)  # of its clock, in steps
    # Until when a code may be read out to staff: no such code belongs to a challenge by itself.
    asked_until = models.DateTimeField(null=True)

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

    def awaits(self, challenge: Challenge) -> bool:
        """Whether no newer challenge has taken the place of this one: while staff ask for a code
        on the telephone, it opens nothing else, whoever hears it."""
        if challenge.purpose == Purpose.CALLER or self.asked_until is None:
            return True
        return timezone.now() >= self.asked_until

    def put_seed(self, seed: bytes) -> None:
        """Seals the seed; the caller saves."""
        self.seed = vault.seal(seed, table="app_device", row=str(self.handle))

    def open_seed(self) -> bytes:
        """The seed. Raises ``vault.CannotOpen``."""
        if self.seed is None:
            raise vault.CannotOpen("revoked")
        return vault.unseal(self.seed, table="app_device", row=str(self.handle))
