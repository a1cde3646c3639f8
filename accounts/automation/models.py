from decimal import Decimal

from django.conf import settings
from django.db import models

from accounts.automation.rules import Does, Kind
from accounts.client_accounts.models import ClientAccount

_KINDS = [(one.value, one.value) for one in Kind]


class Watch(models.Model):
    """A rule of a user: what is more than ``most`` is told, or stops all automation."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=_KINDS)
    most = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # calls a minute, or USD
    does = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Does])
    made_at = models.DateTimeField()
    since = models.DateTimeField()  # nothing earlier meets it
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "kind"], name="watches_of_user")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=Kind.BANK.value, most__isnull=True)
                | (~models.Q(kind=Kind.BANK.value) & models.Q(most__gt=Decimal(0))),
                name="watch_has_its_most",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"


class Report(models.Model):
    """An event that a system reported, for as long as the same may come again."""

    system = models.CharField(max_length=32)
    external = models.CharField(max_length=64)  # its id there
    same = models.CharField(max_length=64)  # keyed hash of all that was reported
    account = models.ForeignKey(ClientAccount, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=_KINDS)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    source = models.CharField(max_length=60, blank=True)  # the program, as the system names it
    count = models.PositiveIntegerField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    interface = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "external"], name="one_report_of_an_id")
        ]
        indexes = [
            models.Index(fields=["account", "kind", "at"], name="reports_of_account"),
            models.Index(fields=["received_at"], name="reports_by_arrival"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external} of {self.system}"
