import json
import uuid

from django.conf import settings
from django.db import models

from accounts import vault
from accounts.challenges.models import Challenge
from sls.methods.rules import Strength


class Pending(models.Model):
    """A sensitive request that waits for its proof, and the grant once it is proven."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    session = models.CharField(max_length=64)  # key of the session row
    action = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)  # of action, address and sorted fields
    path = models.CharField(max_length=300)
    fields = models.BinaryField(null=True)  # sealed POST, NULL once it was used or dropped
    # How strong the proof has to be; where nothing says it, as strong as there is.
    least = models.PositiveSmallIntegerField(default=Strength.PHISHING_RESISTANT)
    risk = models.PositiveSmallIntegerField(default=0)  # of the session's sign-in
    changed_phone = models.BigIntegerField(null=True)  # id of a number that cannot prove
    changed_device = models.CharField(max_length=64, blank=True)  # persistent id
    challenge = models.ForeignKey(Challenge, null=True, on_delete=models.SET_NULL, related_name="+")
    openings = models.PositiveSmallIntegerField(default=0)  # challenges opened by the same way
    switches = models.PositiveSmallIntegerField(default=0)  # changes to another way
    password_at = models.DateTimeField(null=True)
    granted_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["session", "digest"], name="grants_of_session")]

    def __str__(self) -> str:
        return f"pending {self.action}"

    def put(self, fields: list[tuple[str, str]]) -> None:
        """Seals the posted fields; the caller saves."""
        self.fields = vault.seal(json.dumps(fields).encode(), table="pending", row=str(self.id))

    def posted(self) -> list[tuple[str, str]]:
        """The fields that were posted. Raises ``vault.CannotOpen``."""
        if self.fields is None:
            raise vault.CannotOpen("used")
        return [
            (name, value)
            for name, value in json.loads(
                vault.unseal(self.fields, table="pending", row=str(self.id))
            )
        ]
