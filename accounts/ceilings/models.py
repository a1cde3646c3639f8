from django.conf import settings
from django.db import models

from accounts.ceilings.rules import Kind, Standing
from accounts.client_accounts.models import ClientAccount


class Ceiling(models.Model):
    """One ceiling of an account. A null amount is none; ``coming`` counts from ``turns_at`` on."""

    account = models.ForeignKey(ClientAccount, on_delete=models.PROTECT, related_name="ceilings")
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Kind])
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    coming = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    turns_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "kind"], name="one_ceiling_of_a_kind"),
            models.CheckConstraint(
                condition=(models.Q(value__isnull=True) | models.Q(value__gte=0))
                & (models.Q(coming__isnull=True) | models.Q(coming__gte=0)),
                name="ceiling_from_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.account_id}"

    @property
    def standing(self) -> Standing:
        """As the rules know it."""
        return Standing(self.value, self.coming, self.turns_at)

    def put(self, standing: Standing) -> None:
        """Takes it over; the caller saves."""
        self.value, self.coming, self.turns_at = standing.value, standing.coming, standing.turns_at
