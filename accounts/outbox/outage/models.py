from django.conf import settings
from django.db import models


class Outage(models.Model):
    """A time in which a channel was away, or in which staff said that it is or is not."""

    channel = models.CharField(max_length=5)  # one of ``models.Channel``
    away = models.BooleanField(default=True)  # False: staff hold that it works
    began_at = models.DateTimeField()
    told = models.PositiveIntegerField(default=0)  # what it began on
    failed = models.PositiveIntegerField(default=0)
    over_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)  # as staff said; None when judged by itself
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)
    ticket = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel"],
                condition=models.Q(over_at=None),
                name="one_outage_a_channel",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {'away' if self.away else 'held'} since {self.began_at}"
