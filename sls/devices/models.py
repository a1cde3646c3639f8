from django.conf import settings
from django.db import models


class Replacement(models.Model):
    """An authenticator that ends once the one that is being enrolled in its place is confirmed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    old = models.CharField(max_length=64)  # persistent_id
    new = models.CharField(max_length=64, unique=True)  # persistent_id, pending
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.new} in place of {self.old}"
