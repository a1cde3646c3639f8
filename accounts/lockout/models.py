from django.db import models


class PasswordFailures(models.Model):
    """Wrong passwords for one name, or for one name from one known device."""

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveSmallIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.count} failures"
