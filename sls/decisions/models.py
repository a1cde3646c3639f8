import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models

from accounts import vault


class Withdrawal(models.Model):
    """A withdrawal that somebody asked about: what exactly, how it was proven, what became of it.

    Rows are kept for as long as limits count them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    session = models.CharField(max_length=64)  # key of the session row that asked
    account = models.CharField(max_length=12)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3)
    amount_usd = models.DecimalField(max_digits=18, decimal_places=2)
    destination = models.BinaryField()  # sealed: where to, as the person sees it
    digest = models.CharField(max_length=64)  # of user, session, account, amount, destination
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    method = models.CharField(max_length=24, blank=True)  # what proved exactly this
    proven_at = models.DateTimeField(null=True)
    allowed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=Decimal(0)), name="withdrawal_of_something"
            )
        ]
        indexes = [
            models.Index(
                fields=["account", "-allowed_at"],
                name="withdrawals_that_count",
                condition=models.Q(allowed_at__isnull=False),
            ),
            models.Index(fields=["digest", "-created_at"], name="withdrawals_asked_for"),
        ]

    def __str__(self) -> str:
        return f"withdrawal {self.id}"

    def put(self, destination: str) -> None:
        """Seals where to; the caller saves."""
        self.destination = vault.seal(destination.encode(), table="withdrawal", row=str(self.id))

    def shown(self) -> str:
        """Where to, for its owner. Raises ``vault.CannotOpen``."""
        return vault.unseal(bytes(self.destination), table="withdrawal", row=str(self.id)).decode()

    @property
    def is_shown(self) -> bool:
        """Whether its owner can see where to: nobody proves what they cannot see."""
        try:
            return bool(self.shown())
        except vault.CannotOpen:
            return False


class AllowedOrder(models.Model):
    """An order that was allowed on an account with ceilings, for as long as the figures may not
    have it yet."""

    account = models.CharField(max_length=12)
    symbol = models.CharField(max_length=64)  # keyed hash: what is held stays sealed
    sells = models.BooleanField()
    amount = models.DecimalField(max_digits=16, decimal_places=2)  # US dollars
    margin = models.DecimalField(max_digits=16, decimal_places=2)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "at"], name="orders_since")]

    def __str__(self) -> str:
        return f"order on {self.account}"
