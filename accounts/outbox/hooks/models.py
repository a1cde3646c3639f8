import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import vault
from accounts.outbox.hooks.rules import KEYS_MOST, URL_MOST


class Off(models.TextChoices):
    """Why nothing is posted to an endpoint."""

    STAFF = "staff", _("Switched off by staff")
    GONE = "gone", _("Switched off: it answered that it is gone")


class Hook(models.Model):
    """An endpoint of the brokerage's own systems."""

    url = models.CharField(max_length=URL_MOST)
    types = models.JSONField()  # of ``rules.TYPES``
    off = models.CharField(max_length=5, choices=Off, blank=True)  # "" while it is on
    created_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)  # in a row
    rests_until = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)  # when it last took a post

    def __str__(self) -> str:
        return f"webhook {self.pk}"


class HookKey(models.Model):
    """A secret that signs posts; a second one stands beside it while receivers change over."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="keys")
    kid = models.CharField(max_length=16, unique=True)
    place = models.PositiveSmallIntegerField()  # 1 or 2
    secret = models.BinaryField()  # sealed
    created_at = models.DateTimeField()
    # Who may see the secret, once; and when they did.
    shown_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    shown_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hook", "place"], name="hook_keys_have_places"),
            models.CheckConstraint(
                condition=models.Q(place__gte=1, place__lte=KEYS_MOST), name="hook_key_places"
            ),
        ]

    def __str__(self) -> str:
        return self.kid

    def put(self, secret: str) -> None:
        """Seals the secret; the caller saves."""
        self.secret = vault.seal(secret.encode(), **self._about())

    def opened(self) -> str:
        """The secret. Raises ``vault.CannotOpen``."""
        return vault.unseal(self.secret, **self._about()).decode()

    def _about(self) -> dict[str, str]:
        # With the address: whoever can write to the table does not lead events elsewhere.
        return {
            "table": "hook_key",
            "row": self.kid,
            "hook": str(self.hook_id),
            "url": self.hook.url,
        }


class HookEvent(models.Model):
    """Something that was told outside, with the very words, so that it can be told again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    type = models.CharField(max_length=40)
    at = models.DateTimeField(db_index=True)
    body = models.TextField()

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"
