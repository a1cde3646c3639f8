from datetime import datetime

from django.conf import settings
from django.db import models

from accounts.challenges.models import Challenge


class Attempt(models.Model):
    """One try to sign in, from the right password to its end."""

    digest = models.CharField(primary_key=True, max_length=64)  # SHA-256 (hex) of the token
    browser = models.CharField(max_length=64, blank=True)  # digest of a cookie; "" for an API
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    platform = models.CharField(max_length=16)
    public_computer = models.BooleanField(default=False)
    next_path = models.CharField(max_length=500, blank=True)
    enrolling = models.BooleanField(default=False)
    known_device = models.BooleanField(default=False)
    used_here = models.CharField(max_length=64, blank=True)  # what last worked in this browser
    ways = models.PositiveSmallIntegerField(default=1)  # authenticators offered after the password
    # Nothing but a passkey is offered, because a policy demands it from that day on.
    passkey_since = models.DateField(null=True)
    had_failures = models.BooleanField(default=False)  # wrong passwords to forget once it is done
    challenge = models.ForeignKey(Challenge, null=True, on_delete=models.SET_NULL, related_name="+")
    openings = models.PositiveSmallIntegerField(default=0)  # challenges opened after the first
    switches = models.PositiveSmallIntegerField(default=0)  # changes to another authenticator
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=24, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="attempts_of_user")]

    def __str__(self) -> str:
        return f"attempt {self.digest[:6]}"

    def is_live(self, now: datetime) -> bool:
        """Whether it may still lead to a session."""
        return self.ended_at is None and now < self.expires_at
