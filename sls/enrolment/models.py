from datetime import datetime

from django.conf import settings
from django.db import models


class Activation(models.Model):
    """The way from the right activation code to the first password, in one browser."""

    digest = models.CharField(primary_key=True, max_length=64)  # SHA-256 (hex) of the token
    browser = models.CharField(max_length=64)  # SHA-256 (hex) of a cookie
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"activation {self.digest[:6]}"

    def is_live(self, now: datetime) -> bool:
        """Whether a password may still be set by it."""
        return self.ended_at is None and now < self.expires_at
