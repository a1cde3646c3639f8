import uuid

from django.db import models
from django.utils.functional import cached_property

from accounts import vault
from sls.methods.backup_codes.rules import COUNT, FEW
from sls.methods.device import Authenticator


class CodeSet(Authenticator):
    """Ten backup codes that were made together."""

    handle = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    salt = models.BinaryField()
    key = models.BinaryField(null=True)  # sealed; NULL once revoked, and no code is known any more
    cost = models.PositiveSmallIntegerField()  # scrypt's N is 2 to the power of it

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=False) | models.Q(key__isnull=False),
                name="live_code_set_has_a_key",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True) | models.Q(confirmed=False),
                name="revoked_code_set_is_not_trusted",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_code_set_per_user",
            ),
        ]

    def put_key(self, key: bytes) -> None:
        """Seals the key; the caller saves."""
        self.key = vault.seal(key, table="code_set", row=str(self.handle))

    def open_key(self) -> bytes:
        """The key. Raises ``vault.CannotOpen``."""
        if self.key is None:
            raise vault.CannotOpen("revoked")
        return vault.unseal(self.key, table="code_set", row=str(self.handle))

    @cached_property
    def used(self) -> list[int]:
        """The numbers of its codes that were used, as they stand on the sheet. One query."""
        used = self.codes.filter(used_at__isnull=False)
        return list(used.order_by("number").values_list("number", flat=True))

    @property
    def left(self) -> int:
        """How many of its codes are unused."""
        return COUNT - len(self.used)

    @property
    def runs_low(self) -> bool:
        """Whether it is time for a new set."""
        return self.left <= FEW


class BackupCode(models.Model):
    """One code of a set, by its number on the sheet."""

    set = models.ForeignKey(CodeSet, on_delete=models.CASCADE, related_name="codes")
    number = models.PositiveSmallIntegerField()
    digest = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["set", "number"], name="one_code_per_number")
        ]

    def __str__(self) -> str:
        return f"backup code {self.number}"
