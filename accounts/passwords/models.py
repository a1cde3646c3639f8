from django.conf import settings
from django.db import models


class PastPassword(models.Model):
    """A password that a user has or had, as a keyed digest (``history``). None is ever shown."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="past_passwords"
    )
    digest = models.CharField(max_length=64)
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-since"], name="past_passwords_of_user")]

    def __str__(self) -> str:
        return f"password since {self.since:%Y-%m-%d}"
