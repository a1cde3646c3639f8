from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class End(models.TextChoices):
    """Why a session ended."""

    SIGNED_OUT = "signed_out", _("Logged off")
    IDLE = "idle", _("Logged off after a time without use")
    ABSOLUTE = "absolute", _("Logged off after the longest time a session may last")
    CLOSED = "closed", _("Ended from another place")
    REVOKED = "revoked", _("Ended because access was taken away")


class Session(models.Model):
    """A proven sign-in on one platform."""

    key = models.CharField(primary_key=True, max_length=64)  # SHA-256 (hex) of the session key
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="session_rows"
    )
    platform = models.CharField(max_length=16, default="web")
    device = models.CharField(max_length=64)  # persistent_id of the authenticator that proved it
    method = models.CharField(max_length=24)
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=400)
    browser = models.CharField(max_length=64, blank=True)  # digest of a KnownDevice, "" for none
    public_computer = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    idle_seconds = models.PositiveIntegerField()
    expires_at = models.DateTimeField()
    verified_action = models.CharField(max_length=40, blank=True)  # what needs no further proof
    verified_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=12, choices=End, blank=True)
    # The day from which it opens nothing but what enrols a stronger authenticator.
    enrol_only_from = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["user", "-opened_at"],
                name="live_sessions",
                condition=models.Q(ended_at__isnull=True),
            ),
            models.Index(fields=["browser", "user", "-opened_at"], name="sessions_of_browser"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} session"

    @property
    def is_enrol_only(self) -> bool:
        """Whether that day has come where its person is (the active time zone)."""
        return self.enrol_only_from is not None and timezone.localdate() >= self.enrol_only_from


class KnownDevice(models.Model):
    """A browser in which a user has completed a sign-in before."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="known_devices"
    )
    digest = models.CharField(max_length=64)  # SHA-256 (hex) of the device cookie
    agent = models.CharField(max_length=400)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    # persistent_id of the authenticator that last completed a sign-in here, for as long as no
    # session tells: those are deleted after some months, and the browser stays known.
    authenticator = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("digest", "user", name="device_once_per_user")]

    def __str__(self) -> str:
        return "known device"
