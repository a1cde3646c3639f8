from django.conf import settings
from django.db import models

from accounts.challenges.models import Challenge
from sls.recovery import rules


class Recovery(models.Model):
    """A way back that somebody began in one browser, for whatever name they typed.

    It leads nowhere without a ``user``: the name is nobody's, or nothing may be sent for it now.
    ``failures`` counts wrong codes by mail, over all rows of a ``name``. ``challenge`` is what is
    to be answered now.
    """

    digest = models.CharField(primary_key=True, max_length=64)  # SHA-256 (hex) of the token
    browser = models.CharField(max_length=64)  # SHA-256 (hex) of a cookie
    name = models.CharField(max_length=64)  # keyed digest of the name, apart for a known browser
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    goal = models.CharField(max_length=8)
    reference = models.CharField(max_length=3)
    address = models.CharField(max_length=254, blank=True)  # where the code by mail went
    challenge = models.ForeignKey(Challenge, null=True, on_delete=models.SET_NULL, related_name="+")
    asks = models.PositiveSmallIntegerField(default=1)  # mails asked for
    asked_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField()
    failures = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)  # when the code by mail was right
    openings = models.PositiveSmallIntegerField(default=0)  # challenges opened by the same way
    switches = models.PositiveSmallIntegerField(default=0)  # changes to another way
    proven_at = models.DateTimeField(null=True)
    proof = models.CharField(max_length=24, blank=True)  # code of a method, or "password"
    device = models.CharField(max_length=64, blank=True)  # persistent_id of the authenticator
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mailed_at__isnull=True) | models.Q(user__isnull=False),
                name="recovery_proven_is_somebodys",
            ),
            models.CheckConstraint(
                condition=models.Q(proven_at__isnull=True) | models.Q(mailed_at__isnull=False),
                name="recovery_begins_by_mail",
            ),
        ]
        indexes = [
            models.Index(fields=["name", "-created_at"], name="recoveries_of_name"),
            models.Index(
                fields=["user"], name="live_recoveries", condition=models.Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"recovery {self.digest[:6]}"


class Delay(models.Model):
    """The wait for a new factor. Whoever has its reference can look at it and stop it, no more."""

    reference = models.CharField(primary_key=True, max_length=rules.REFERENCE_LENGTH)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    browser = models.CharField(max_length=64)  # SHA-256 (hex) of the cookie that shows its status
    begun_at = models.DateTimeField()
    due_at = models.DateTimeField()
    until = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(ended_at__isnull=True),
                name="one_recovery_waits_per_user",
            ),
            models.CheckConstraint(
                condition=models.Q(due_at__gt=models.F("begun_at"))
                & models.Q(until__gt=models.F("due_at")),
                name="recovery_waits",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="recoveries_waiting", condition=models.Q(ended_at=None)
            ),
            models.Index(fields=["browser", "-begun_at"], name="recoveries_of_browser"),
        ]

    def __str__(self) -> str:
        return f"recovery waiting until {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def written(self) -> str:
        """Its reference as it is typed."""
        return rules.written(self.reference)
