from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import references
from accounts.audit.models import Entry
from accounts.cases.models import Case
from accounts.holds.models import Hold
from accounts.transactions import rules
from accounts.transactions.rules import State


class Kind(models.TextChoices):
    """What kind of transaction."""

    WITHDRAWAL = "withdrawal", _("Withdrawal")
    TRANSFER = "transfer", _("Transfer of positions")
    ORDER = "order", _("Order")
    DEPOSIT = "deposit", _("Deposit")
    OTHER = "other", _("Other")


class Transaction(models.Model):
    """One transaction that its client is asked about."""

    reference = models.CharField(max_length=references.LENGTH, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    what = models.CharField(max_length=rules.WHAT_MAX)  # to whom, or of what
    account = models.CharField(max_length=12, blank=True)  # its number, "" where none is meant
    amount = models.DecimalField(max_digits=rules.AMOUNT_DIGITS, decimal_places=rules.AMOUNT_PLACES)
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()  # when it was asked for
    flagged_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # until when the client is waited for
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Which system flagged it, "" where staff or an operator did; and its id there, NULL where none.
    system = models.CharField(max_length=32, blank=True, db_default="", default="")
    external = models.CharField(max_length=rules.EXTERNAL_MAX, null=True)  # noqa: DJ001
    stored = models.CharField(max_length=10, default=State.WAITING.value)
    answered_at = models.DateTimeField(null=True)
    # When "mine" was said by a key of a telephone: that proves nobody, and lets nothing go on.
    said_mine_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=rules.REASON_MAX, blank=True)  # why staff released it
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    hold = models.ForeignKey(Hold, null=True, on_delete=models.SET_NULL, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "external"], name="one_transaction_of_an_id"),
            models.CheckConstraint(
                condition=models.Q(stored__in=["waiting", "unanswered"])
                | models.Q(answered_at__isnull=False),
                name="answered_transaction_has_its_time",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="transaction_has_amount"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="transactions_of_user"),
            models.Index(
                fields=["id"],
                name="transactions_in_hand",
                condition=models.Q(stored__in=["waiting", "unanswered", "not_mine"]),
            ),
            models.Index(
                fields=["expires_at"],
                name="transactions_due",
                condition=models.Q(stored="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"transaction {self.shown}"

    @property
    def shown(self) -> str:
        """The reference as people read it."""
        return references.shown(self.reference)

    @property
    def state(self) -> State:
        """How it stands now."""
        return rules.state(self.stored, now=timezone.now(), expires_at=self.expires_at)
