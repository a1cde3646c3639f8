from django.conf import settings
from django.db import models

from accounts.audit.models import Entry
from accounts.holds import rules


class What(models.TextChoices):
    """What can be stopped."""

    WITHDRAWALS = "withdrawals"


class Why(models.TextChoices):
    """What changed."""

    AUTHENTICATOR = rules.AUTHENTICATOR
    EMAIL = rules.EMAIL
    PHONE = rules.PHONE
    SIM = rules.SIM


class Hold(models.Model):
    """Something that waits until a time; ``why`` and ``entry`` are of the last change."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=16, choices=What)
    why = models.CharField(max_length=16, choices=Why)
    since = models.DateTimeField()
    until = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")), name="hold_ends_after_it_began"
            )
        ]
        indexes = [
            models.Index(
                fields=["user", "what", "until"],
                name="hold_by_user",
                condition=models.Q(lifted_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} until {self.until:%Y-%m-%d %H:%M}"
