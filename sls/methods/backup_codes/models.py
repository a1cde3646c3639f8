import uuid

from django.db import models

from accounts import vault
from sls.methods.backup_codes import hashing, rules
from sls.methods.device import Authenticator


class CodeSet(Authenticator):
    """Ten backup codes that were made together. A code is known by its number on the sheet."""

    handle = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    salt = models.BinaryField()
    key = models.BinaryField(null=True)  # sealed; NULL once revoked, and no code is known any more
    cost = models.PositiveSmallIntegerField()  # scrypt's N is 2 to the power of it
    digests = models.BinaryField()  # of all codes, in the order of their numbers
    used_bits = models.PositiveSmallIntegerField(default=0)  # the lowest one is that of code 1

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

    def number_of(self, digest: bytes) -> int:
        """The number of the code that ``digest`` belongs to, used or not; 0 for none.

        All are compared.
        """
        stored = hashing.split(bytes(self.digests))
        found = [n for n, one in enumerate(stored, 1) if hashing.same(one, digest)]
        return found[0] if found else 0

    def use(self, number: int) -> None:
        """Uses a code up; the caller holds the row's lock and saves."""
        self.used_bits |= rules.bit(number)

    @property
    def used(self) -> list[int]:
        """The numbers of the codes that were used."""
        return rules.used(self.used_bits)

    @property
    def left(self) -> int:
        """How many are unused."""
        return rules.COUNT - len(self.used)

    @property
    def runs_low(self) -> bool:
        """Whether it is time for a new set."""
        return self.left <= rules.FEW
