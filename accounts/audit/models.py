from django.conf import settings
from django.db import models

from accounts.audit import rules


class Chained(models.Model):
    """The two columns that hold the head of a chain."""

    audit_number = models.PositiveBigIntegerField(default=0, editable=False)
    audit_head = models.CharField(max_length=64, default=rules.GENESIS, editable=False)

    class Meta:
        abstract = True


class SystemChain(Chained):
    """The chain of entries that are about no user; one row, id 1."""

    def __str__(self) -> str:
        return f"system chain at {self.audit_number}"


class Entry(models.Model):
    """One thing that happened. Written once, never changed."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    event = models.CharField(max_length=40)  # one of ``Event``
    actor = models.CharField(max_length=80)
    origin = models.JSONField()
    detail = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "number"], name="one_entry_per_number"),
            models.UniqueConstraint(
                fields=["number"],
                condition=models.Q(user__isnull=True),
                name="one_system_entry_per_number",
            ),
        ]
        indexes = [models.Index(fields=["user", "-at"], name="audit_by_time")]

    def __str__(self) -> str:
        return f"{self.event} #{self.number}"

    @property
    def chain(self) -> str:
        return str(self.user_id or "system")

    def content(self) -> bytes:
        """What the digest is made of."""
        return rules.canonical(
            chain=self.chain,
            number=self.number,
            at=self.at,
            event=self.event,
            actor=self.actor,
            origin=self.origin,
            detail=self.detail,
        )
