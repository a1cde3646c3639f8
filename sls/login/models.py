from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.challenges.models import Challenge
from accounts.origin import Origin, digest
from accounts.users.models import User


class Door(models.TextChoices):
    """How far an attempt has come that goes through the emergency door; "" for all others."""

    OFFERED = "offered"  # refused where it comes from; the door is there to be used
    FACTOR = "factor"
    MAIL = "mail"  # the factor is proven, and a code by e-mail is asked for


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
    # Only the client's own authenticators of that strength are offered; 0 offers all there are.
    careful = models.PositiveSmallIntegerField(default=0)
    unusual = models.CharField(max_length=80, blank=True)  # what was noticed: Signals, by comma
    # It leads to no session: it lifts the lock that wrong passwords put on the name.
    unlocking = models.BooleanField(default=False)
    # It leads to the way back after a freeze, and nowhere else.
    way_back = models.BooleanField(default=False)
    # Nothing but a passkey is offered, because a policy demands it from that day on.
    passkey_since = models.DateField(null=True)
    # Of a platform other than the portal: what it said of itself.
    client_version = models.CharField(max_length=40, blank=True)
    device_name = models.CharField(max_length=60, blank=True)
    remembers = models.BooleanField(default=False)  # a program keeps a device token
    # Set once everything is proven and another trading session stands in the way (taking_over.py).
    proven = models.CharField(max_length=64, blank=True)
    door = models.CharField(max_length=8, choices=Door, blank=True)
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

    @classmethod
    def of(
        cls, token: str, *, user: User, origin: Origin, browser: str, **facts: object
    ) -> "Attempt":
        """A new attempt, not written yet, that ``token`` finds again. ``browser`` is the secret of
        the cookie that it is bound to, "" for an API."""
        now = timezone.now()
        return cls(
            digest=digest(token),
            browser=digest(browser) if browser else "",
            user=user,
            platform=origin.platform,
            created_at=now,
            expires_at=now + timedelta(seconds=settings.ATTEMPT_LIFE),
            **facts,
        )

    def is_live(self, now: datetime) -> bool:
        """Whether it may still lead to a session."""
        return self.ended_at is None and now < self.expires_at
