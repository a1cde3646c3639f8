from django.conf import settings
from django.db import models


class Numbers(models.Model):
    """The record: one row. ``numbers`` are pairs of what for and number, the first is the one."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    numbers = models.JSONField(default=list)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_record_of_numbers")
        ]

    def __str__(self) -> str:
        return f"{len(self.numbers)} numbers"
