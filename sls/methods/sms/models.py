from django.db import models

from accounts.contacts.models import PhoneNumber
from sls.methods.device import Authenticator


class PhoneDevice(Authenticator):
    """A telephone number that receives security codes."""

    phone = models.ForeignKey(
        PhoneNumber, null=True, on_delete=models.PROTECT, related_name="devices"
    )
    number_index = models.CharField(max_length=64)  # blind index, kept after revocation
    switched_off_at = models.DateTimeField(null=True)  # by the owner, as a way to sign in

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=False) | models.Q(phone__isnull=False),
                name="live_phone_device_has_a_phone",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True) | models.Q(confirmed=False),
                name="revoked_phone_device_is_not_trusted",
            ),
            models.UniqueConstraint(
                fields=["phone"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_device_per_phone",
            ),
        ]

    @classmethod
    def live(cls) -> models.Q:
        return super().live() & models.Q(switched_off_at=None)

    @property
    def may_prove(self) -> bool:
        """Not while its owner has switched it off, also not in a challenge that was open then."""
        return super().may_prove and self.switched_off_at is None
