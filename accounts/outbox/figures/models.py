from django.db import models

from accounts.outbox.ports import CARRIER_MOST


class Hour(models.Model):
    """Messages that were asked for within one hour, of one channel, country, kind of line
    and carrier."""

    at = models.DateTimeField()  # the beginning of the hour
    channel = models.CharField(max_length=5)
    country = models.CharField(max_length=4, blank=True)
    line = models.CharField(max_length=8, blank=True)  # as ``Lookup.line_type``
    carrier = models.CharField(max_length=CARRIER_MOST, blank=True)  # as ``Lookup.carrier``
    sent = models.PositiveIntegerField(default=0)  # handed to the carrier
    delivered = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)  # undelivered, or not taken
    stopped = models.PositiveIntegerField(default=0)  # kept back by the guard
    codes = models.PositiveIntegerField(default=0)  # of those that were sent
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["at", "channel", "country", "line", "carrier"], name="one_row_of_figures"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.country} {self.at:%Y-%m-%d %H}"
