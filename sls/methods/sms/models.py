from django.db import models

from accounts.contacts.models import PhoneNumber
from sls.methods.device import Authenticator


class PhoneDevice(Authenticator):
    """A telephone number that receives security codes."""

    phone = models.ForeignKey(
        PhoneNumber, null=True, on_delete=models.PROTECT, related_name="devices"
    )
    number_index = models.CharField(max_length=64)  # blind index, kept after revocation

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
