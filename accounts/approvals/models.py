from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.approvals import rules


class State(models.TextChoices):
    """How far a request has come."""

    OPEN = "open", _("Waiting for a second person")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Ended without a decision")


class Request(models.Model):
    """One act that waits for a second person. ``values`` are what its form held; no secret.

    ``user`` is whom it is about, None for what concerns the house.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    act = models.CharField(max_length=32)
    power = models.CharField(max_length=32)
    values = models.JSONField(default=dict)
    reason = models.CharField(max_length=rules.REASON_MAX)
    ticket = models.CharField(max_length=rules.TICKET_MAX)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=rules.REASON_MAX, blank=True)  # of the decision

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "act"],
                condition=models.Q(state="open"),
                name="one_open_request_of_an_act",
            ),
            models.UniqueConstraint(
                fields=["act"],
                condition=models.Q(state="open", user__isnull=True),
                name="one_open_request_of_the_house",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("asked_by"))
                | models.Q(state="withdrawn"),
                name="nobody_decides_their_own",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["approved", "refused"])
                | models.Q(decided_by__isnull=False),
                name="a_decision_has_its_person",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=models.Q(state="open"), name="open_requests"
            ),
            models.Index(fields=["user", "-id"], name="requests_about_user"),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be decided."""
        return self.state == State.OPEN and now < self.expires_at

    @property
    def by_client(self) -> bool:
        """Whether the owner of the account was the second person."""
        return self.user_id is not None and self.decided_by_id == self.user_id
