from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Ending(models.TextChoices):
    USED = "used", _("A code of a trial was used")
    OVERRULED = "overruled", _("Overruled by staff")


class Breaker(models.Model):
    """A range of numbers that was stopped, and how that ended."""

    class Width(models.TextChoices):
        THOUSAND = "thousand", _("a thousand numbers")
        MILLION = "million", _("a million numbers")
        COUNTRY = "country", _("a whole country")

    key = models.CharField(max_length=16)  # first digits, or ISO 3166-1 alpha-2
    width = models.CharField(max_length=8, choices=Width)
    country = models.CharField(max_length=4)  # that it lies in
    opened_at = models.DateTimeField()
    sends = models.PositiveIntegerField()  # what it was opened on
    used = models.PositiveIntegerField()
    stopped = models.PositiveIntegerField(default=0)  # codes kept back so far
    rounds = models.PositiveSmallIntegerField(default=0)  # trials so far
    trial_at = models.DateTimeField()
    trials = models.JSONField(default=list)  # ids of the messages of trials
    closed_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=9, choices=Ending, blank=True)
    let_through_until = models.DateTimeField(null=True)  # not judged again before
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)
    ticket = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(closed_at=None), name="one_open_breaker_a_range"
            )
        ]
        indexes = [
            models.Index(
                fields=["let_through_until"],
                name="breaker_let_through",
                condition=models.Q(let_through_until__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"breaker {self.key}"

    @property
    def range(self) -> str:
        """The range as it is shown: the digits that vary are left out."""
        tail = {"thousand": " xxx", "million": " xxx xxx"}.get(self.width, "")
        return f"{self.key}{tail}"
