from datetime import datetime

from django.conf import settings
from django.db import models

from accounts.api_tokens.rules import NAME_MAX, Scope
from accounts.client_accounts.models import ClientAccount


class ApiToken(models.Model):
    """A token; rows are kept, because calls hang on them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The one account for algorithms that it is for; None for all others.
    account = models.ForeignKey(
        ClientAccount, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    name = models.CharField(max_length=NAME_MAX)
    public = models.CharField(max_length=16, unique=True)  # the part it is found by; no secret
    digest = models.CharField(max_length=64)  # SHA-256 of the secret
    scopes = models.JSONField(default=list)
    networks = models.JSONField(default=list)  # as typed and folded; none means anywhere
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=16, blank=True)
    used_at = models.DateTimeField(null=True)  # to the minute
    used_from = models.CharField(max_length=45, blank=True)
    used_scopes = models.JSONField(default=list)
    warned_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)  # when the owner was told that it is over

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at"], name="token_by_owner"),
            models.Index(
                fields=["expires_at"],
                name="token_to_tell_of",
                condition=models.Q(revoked_at__isnull=True, lapsed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.public})"

    def is_live(self, now: datetime) -> bool:
        """Neither revoked nor over."""
        return self.revoked_at is None and now < self.expires_at

    @property
    def unused(self) -> list[Scope]:
        """What it may ask for and never did."""
        return [Scope(one) for one in self.scopes if one not in self.used_scopes]


class Call(models.Model):
    """One call by a token."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="calls")
    at = models.DateTimeField()
    operation = models.CharField(max_length=60)
    address = models.CharField(max_length=45)
    status = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["token", "-id"], name="calls_of_token"),
            models.Index(fields=["at"], name="calls_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.status}"
