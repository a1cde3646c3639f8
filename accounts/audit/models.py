from django.conf import settings
from django.db import models
from django.db.models.fields.json import KT

from accounts.audit import rules
from accounts.audit.kinds import STRANGE, Kind


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
    kind = models.PositiveSmallIntegerField(default=Kind.CHANGE.value)  # follows from the event
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
        indexes = [
            models.Index(fields=["user", "-at"], name="audit_by_time"),
            models.Index(fields=["user", "kind", "-number"], name="audit_by_kind"),
            # Home asks for them; a busy account has hundreds of thousands of others in a week.
            models.Index(
                fields=["user", "-at"],
                name="audit_of_strange_sign_ins",
                condition=models.Q(event__in=STRANGE),
            ),
            # Before auditors. What happens all day long is not indexed by its name.
            models.Index(
                fields=["event", "-id"],
                name="audit_by_event",
                condition=models.Q(kind=Kind.CHANGE.value),
            ),
            # With what is counted of each: the report of a month reads the index alone.
            models.Index(
                fields=["actor", "-id", "event", "at"],
                name="audit_of_staff",
                condition=models.Q(actor__startswith="staff:"),
            ),
            models.Index(
                KT("detail__client"),
                models.F("id").desc(),
                name="audit_by_client_seen",
                condition=models.Q(user__isnull=True, event__startswith="staff."),
            ),
        ]

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


class Checkpoint(models.Model):
    """What a chain was at a time, signed (``checkpoints.py``)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    key = models.CharField(max_length=16)
    signature = models.CharField(max_length=128)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "number"], name="one_checkpoint_per_entry"),
            models.UniqueConstraint(
                fields=["number"],
                condition=models.Q(user__isnull=True),
                name="one_system_checkpoint_per_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"checkpoint {self.number} of {self.user_id or 'system'}"
