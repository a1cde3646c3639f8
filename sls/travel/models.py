from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sls.travel import rules
from sls.travel.rules import Days, Stage


class NoticeQuerySet(models.QuerySet["Notice"]):
    def in_hand(self, now: datetime) -> Self:
        """Those in force and those to come."""
        return self.filter(ended_at=None, ends_at__gt=now)

    def in_force(self, now: datetime) -> Self:
        return self.in_hand(now).filter(starts_at__lte=now)


class Notice(models.Model):
    """A journey that was announced.

    ``starts_at`` and ``ends_at`` bound the days as they were in the owner's zone when it was
    announced. ``countries`` are ISO codes, by comma; ``devices`` the persistent ids of the
    authenticators that go along.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    countries = models.CharField(max_length=3 * rules.MOST_COUNTRIES)
    devices = models.JSONField(default=list)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # by its owner, before the last day

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day"), ends_at__gt=F("starts_at")),
                name="travel_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=~Q(countries=""), name="travel_has_a_country"),
        ]
        indexes = [
            models.Index(
                fields=["user", "ends_at"], name="travel_of_user", condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.countries} {self.first_day} to {self.last_day}"

    @property
    def days(self) -> Days:
        return Days(self.first_day, self.last_day)

    @property
    def codes(self) -> list[str]:
        return codes(self.countries)

    def stage(self, now: datetime) -> Stage:
        return rules.stage(now, starts=self.starts_at, ends=self.ends_at, ended=self.ended_at)


def codes(text: str | None) -> list[str]:
    """The countries of the column; none where there is no notice."""
    return text.split(",") if text else []
