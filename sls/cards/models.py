import uuid

from django.conf import settings
from django.db import models

from accounts import vault
from accounts.challenges.models import Challenge
from sls.methods.dsc_plus.models import Card, CardDevice


class Allowance(models.Model):
    """Staff let somebody below the threshold request a card; the audit has the reason."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"a card for {self.user_id}"


class Clearance(models.Model):
    """Staff have made sure that two user names are one person's; the audit has the reason."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "holder"], name="one_clearance_per_pair")
        ]

    def __str__(self) -> str:
        return f"the card of {self.holder_id} for {self.user_id}"


class PinChange(models.Model):
    """A new PIN that waits for a response made with it; until then the present one stays."""

    handle = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    device = models.OneToOneField(CardDevice, on_delete=models.PROTECT, related_name="+")
    challenge = models.OneToOneField(Challenge, on_delete=models.CASCADE, related_name="+")
    pin = models.BinaryField()  # sealed

    def __str__(self) -> str:
        return f"another PIN for {self.device_id}"

    def put_pin(self, pin: str) -> None:
        """Seals the new PIN; the caller saves."""
        self.pin = vault.seal(pin.encode(), table="pin_change", row=str(self.handle), field="pin")

    def open_pin(self) -> str:
        """The new PIN. Raises ``vault.CannotOpen``."""
        row = str(self.handle)
        return vault.unseal(self.pin, table="pin_change", row=row, field="pin").decode()


class Parcel(models.Model):
    """A card on its way back to us."""

    card = models.OneToOneField(Card, on_delete=models.PROTECT, related_name="parcel")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    carrier = models.CharField(max_length=16)
    tracking = models.CharField(max_length=40)
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking}"


class Share(models.Model):
    """A card that is about to serve another user name of its holder.

    The holder's name, password and a response of the card are one consent, the proven request of
    the other name is the other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    session = models.CharField(max_length=64)  # row key: another session's is not found
    device = models.ForeignKey(CardDevice, on_delete=models.PROTECT, related_name="+")
    challenge = models.OneToOneField(
        Challenge, null=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField()
    consented_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"card {self.device.card.masked} for {self.user_id}"
