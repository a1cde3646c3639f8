from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.sessions.rules import WEEKLY


class End(models.TextChoices):
    """Why a session ended."""

    SIGNED_OUT = "signed_out", _("Logged off")
    IDLE = "idle", _("Logged off after a time without use")
    ABSOLUTE = "absolute", _("Logged off after the longest time a session may last")
    CLOSED = "closed", _("Ended from another place")
    REVOKED = "revoked", _("Ended because access was taken away")
    COPIED = "copied", _("Ended because the mark of its browser was copied")
    TAKEN_OVER = "taken_over", _("Ended by signing in on another trading platform")
    WEEKLY = "weekly", _("Ended at the end of its week")
    AT_ONCE = "at_once", _("Ended because too many sessions were open at once")
    UNLOCKING = "unlocking", _("Ended after wrong tries to unlock it")
    ADDRESS = "address", _("Ended because it was used from outside the IP restrictions")
    FROZEN = "frozen", _("Ended because everything was stopped")
    THAWED = "thawed", _("Ended because everything goes on again")


class Session(models.Model):
    """A proven sign-in on one platform."""

    # SHA-256 (hex) of its first key. Names the session for as long as it lasts; opens nothing.
    key = models.CharField(primary_key=True, max_length=64)
    token = models.CharField(max_length=64)  # SHA-256 (hex) of the key that opens it now
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="session_rows"
    )
    platform = models.CharField(max_length=16, default="web")
    device = models.CharField(max_length=64)  # persistent_id of the authenticator that proved it
    method = models.CharField(max_length=24)
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=400)
    browser = models.CharField(max_length=64, blank=True)  # digest of a KnownDevice, "" for none
    browser_token = models.CharField(max_length=64, blank=True)  # digest of what it was given
    public_computer = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    idle_seconds = models.PositiveIntegerField()
    expires_at = models.DateTimeField()
    verified_action = models.CharField(max_length=40, blank=True)  # what needs no further proof
    verified_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=12, choices=End, blank=True)
    warned_at = models.DateTimeField(null=True)  # when its owner was told that its week ends
    risk = models.PositiveSmallIntegerField(default=0)  # how unusual its sign-in was (a Level)
    locked_at = models.DateTimeField(null=True)  # until its person proves to be back
    unlock_failures = models.PositiveSmallIntegerField(default=0)
    # The day from which it opens nothing but what enrols a stronger authenticator.
    enrol_only_from = models.DateField(null=True)
    # All that it opens, by the mark of the views (``marks.opens_in``); "" for a whole session.
    limited_to = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("token", name="session_of_a_token")]
        indexes = [
            models.Index(
                fields=["user", "-opened_at"],
                name="live_sessions",
                condition=models.Q(ended_at__isnull=True),
            ),
            models.Index(fields=["browser", "user", "-opened_at"], name="sessions_of_browser"),
            models.Index(
                fields=["expires_at"],
                name="sessions_to_tell_of",
                condition=models.Q(ended_at__isnull=True, platform__in=WEEKLY),
            ),
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
    digest = models.CharField(max_length=64)  # SHA-256 (hex) of the series in the device cookie
    agent = models.CharField(max_length=400)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    # persistent_id of the authenticator that last completed a sign-in here, for as long as no
    # session tells: those are deleted after some months, and the browser stays known.
    authenticator = models.CharField(max_length=64, blank=True)
    token = models.CharField(max_length=64, blank=True)  # that of the last session, as long

    class Meta:
        constraints = [models.UniqueConstraint("digest", "user", name="device_once_per_user")]

    def __str__(self) -> str:
        return "known device"
