from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.client_accounts import rules


class LegalEntity(models.TextChoices):
    """The company that holds the account; protection and rules differ between them."""

    US = "US", _("Example Brokerage LLC (United States)")
    JP = "JP", _("Example Securities Japan Inc.")
    CA = "CA", _("Example Brokerage Canada Inc.")
    HK = "HK", _("Example Brokerage Hong Kong Limited")
    IN = "IN", _("Example Brokerage India Private Limited")
    IE = "IE", _("Example Brokerage Ireland Limited")


class Kind(models.TextChoices):
    """Whose an account is; how many users it takes depends on it."""

    INDIVIDUAL = "individual", _("Individual")
    INSTITUTION = "institution", _("Institution")


class Role(models.TextChoices):
    """What a user may do on an account (``rules.MAY``); view-only is the least."""

    OWNER = rules.OWNER, _("Owner")
    SECURITY_OFFICER = rules.OFFICER, _("Security officer")
    TRADER = rules.TRADER, _("Trader")
    VIEWER = rules.VIEWER, _("View only")

    @property
    def about(self) -> str:
        """What it may do, in a sentence."""
        return str(_ABOUT[self])


_ABOUT = {
    Role.OWNER: _("Everything: see, trade, move money, settings and users."),
    Role.SECURITY_OFFICER: _("See, settings and users. Does not trade or move money."),
    Role.TRADER: _("See and trade."),
    Role.VIEWER: _("See."),
}


# Who looks after the other users of an account.
MANAGERS = tuple(role for role in Role if rules.Right.USERS in rules.MAY[role])


class ClientAccount(models.Model):
    """One account with the brokerage."""

    number = models.CharField(_("Account number"), max_length=12, unique=True)
    entity = models.CharField(
        _("Legal entity"), max_length=2, choices=LegalEntity, default=LegalEntity.US
    )
    kind = models.CharField(_("Kind"), max_length=11, choices=Kind, default=Kind.INDIVIDUAL)
    currency = models.CharField(_("Currency"), max_length=3, default="USD")
    equity = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    opened_at = models.DateTimeField(_("Opened"), auto_now_add=True)

    # Of ``algorithms.py``, which alone writes them: whether programs alone trade here, by tokens
    # of its own, and from when on money leaves it all the same; None for never.
    for_algorithms = models.BooleanField(default=False, db_default=False, editable=False)
    money_opens_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("account"), _("accounts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^U[0-9]{7}$"), name="client_account_number"
            )
        ]

    def __str__(self) -> str:
        return self.number

    def is_shut(self, now: datetime) -> bool:
        """Whether no money leaves it because it is for algorithms."""
        is_open = self.money_opens_at is not None and self.money_opens_at <= now
        return self.for_algorithms and not is_open

    @property
    def most(self) -> int:
        """How many users it takes, its owner included."""
        return settings.ACCOUNT_USERS[self.kind]


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
