from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalEntity(models.TextChoices):
    """The company that holds the account; protection and rules differ between them."""

    US = "US", _("Example Brokerage LLC (United States)")
    JP = "JP", _("Example Securities Japan Inc.")
    CA = "CA", _("Example Brokerage Canada Inc.")
    HK = "HK", _("Example Brokerage Hong Kong Limited")
    IN = "IN", _("Example Brokerage India Private Limited")
    IE = "IE", _("Example Brokerage Ireland Limited")


class Role(models.TextChoices):
    """What a user may do on an account; view-only is the least."""

    OWNER = "owner", _("Owner")
    SECURITY_OFFICER = "security_officer", _("Security officer")
    TRADER = "trader", _("Trader")
    VIEWER = "viewer", _("View only")


class ClientAccount(models.Model):
    """One account with the brokerage."""

    number = models.CharField(max_length=12, unique=True)
    entity = models.CharField(max_length=2, choices=LegalEntity, default=LegalEntity.US)
    currency = models.CharField(max_length=3, default="USD")
    equity = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^U[0-9]{7}$"), name="client_account_number"
            )
        ]

    def __str__(self) -> str:
        return self.number


class Membership(models.Model):
    """A user's role on an account."""

    account = models.ForeignKey(ClientAccount, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role, default=Role.VIEWER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "user"], name="one_role_per_account")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} on {self.account_id}"
