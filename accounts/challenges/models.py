import uuid
from datetime import datetime

from django.conf import settings
from django.db import models

from accounts import vault


class Purpose(models.TextChoices):
    SIGN_IN = "sign_in"
    ENROLMENT = "enrolment"
    STEP_UP = "step_up"
    CONTACT = "contact"
    ACTIVATION = "activation"
    TEST = "test"
    PIN = "pin"
    SHARING = "sharing"
    DOOR = "door"
    RECOVERY = "recovery"
    UNLOCK = "unlock"  # a name, after wrong passwords
    SCREEN = "screen"  # a session that was locked
    CALLER = "caller"  # somebody on the telephone with staff
    THAW = "thaw"  # whoever stopped everything


class Challenge(models.Model):
    """Something to be answered, once, before it ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="challenges"
    )
    purpose = models.CharField(max_length=12, choices=Purpose)
    method = models.CharField(max_length=24)  # code of a sign-in method, or "email"
    device = models.CharField(max_length=64, blank=True)  # persistent_id of the authenticator
    bound_to = models.CharField(max_length=64)  # what it belongs to: digest or id
    destination = models.CharField(max_length=254, blank=True)  # E.164 or e-mail address
    reference = models.CharField(max_length=3, blank=True)
    question = models.CharField(max_length=200, blank=True)  # what the device answers; public
    secret = models.BinaryField(null=True)  # sealed code; NULL for codes a device makes, or erased
    tries_left = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    # The message that this very object has just sent, and all that went to its number until then:
    # whoever shows the step in the same request need not read what was written a moment ago.
    just_sent: tuple | None = None

    class Meta:
        indexes = [
            models.Index(fields=["bound_to", "-created_at"], name="challenge_by_binding"),
            models.Index(
                fields=["used_at"],
                name="challenge_by_use",
                condition=models.Q(used_at__isnull=False),
            ),
            models.Index(
                fields=["expires_at"],
                name="challenge_secrets_to_erase",
                condition=models.Q(secret__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} by {self.method}"

    def put(self, code: str) -> None:
        """Seals the code; the caller saves."""
        self.secret = vault.seal(code.encode(), table="challenge", row=str(self.id))

    def code(self) -> str:
        """The code, for sending it again and for comparing. Raises ``vault.CannotOpen``."""
        if self.secret is None:
            raise vault.CannotOpen("erased")
        return vault.unseal(self.secret, table="challenge", row=str(self.id)).decode()

    def is_open(self, now: datetime) -> bool:
        """Whether an answer could still succeed."""
        return (
            self.used_at is None
            and self.cancelled_at is None
            and self.tries_left > 0
            and now < self.expires_at
        )
