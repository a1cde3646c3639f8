import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import vault
from accounts.audit.models import Entry
from accounts.client_accounts.models import ClientAccount
from accounts.documents import rules


class Kind(models.TextChoices):
    """What a document is."""

    DAILY = "daily", _("Daily statement")
    MONTHLY = "monthly", _("Monthly statement")
    ANNUAL = "annual", _("Annual statement")
    CONFIRMATION = "confirmation", _("Trade confirmation")
    TAX = "tax", _("Tax form")
    NOTICE = "notice", _("Notice")


class Document(models.Model):
    """One document of an account, as it was delivered; never changed, but withdrawn: then the row
    alone stays, without key and pieces."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(ClientAccount, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    period = models.CharField(max_length=10)  # a day, a month or a year, as the kind has it
    dated = models.DateField()  # the last day of the period
    title = models.CharField(max_length=rules.TITLE_MAX)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    key = models.BinaryField(null=True)  # sealed: what opens the pieces; None once withdrawn
    received_at = models.DateTimeField()
    system = models.CharField(max_length=32)  # which delivered it
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # One that was withdrawn may be delivered again.
            models.UniqueConstraint(
                fields=["account", "kind", "period", "sha256"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="same_document_is_one",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, key__isnull=False)
                | models.Q(withdrawn_at__isnull=False, key__isnull=True),
                name="document_opens_until_withdrawn",
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="document_has_content"),
        ]
        indexes = [
            models.Index(fields=["account", "-dated", "-id"], name="documents_of_account"),
        ]

    def __str__(self) -> str:
        return f"document {self.id}"

    def put_key(self, key: bytes) -> None:
        """Seals it; the caller saves."""
        self.key = vault.seal(key, **self._about())

    def open_key(self) -> bytes:
        """Raises ``vault.CannotOpen``."""
        return vault.unseal(self.key, **self._about())

    def _about(self) -> dict[str, str]:
        return {"table": "document", "row": str(self.id), "account": str(self.account_id)}


class Piece(models.Model):
    """A part of a document (``sealing.py``)."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="one_piece_per_number")
        ]

    def __str__(self) -> str:
        return f"piece {self.number} of {self.document_id}"


class Opening(models.Model):
    """The last time that somebody opened a document: where the record tells of it."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "user"], name="one_opening_per_user")
        ]

    def __str__(self) -> str:
        return f"opening of {self.document_id} by {self.user_id}"
