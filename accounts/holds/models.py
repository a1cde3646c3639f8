from django.conf import settings
from django.db import models

from accounts.audit.models import Entry
from accounts.holds import rules


class What(models.TextChoices):
    """What can be stopped."""

    WITHDRAWALS = "withdrawals"
    BANK = "bank"  # linked bank instructions
    SETTINGS = "settings"
    OPENING = "opening"  # orders that open or add to a position
    TRADING = "trading"  # every order


class Why(models.TextChoices):
    """What changed."""

    AUTHENTICATOR = rules.AUTHENTICATOR
    EMAIL = rules.EMAIL
    PHONE = rules.PHONE
    SIM = rules.SIM
    PASSWORD = rules.PASSWORD
    FROZEN = rules.FROZEN
    TRANSACTION = rules.TRANSACTION
    SUPPORT = rules.SUPPORT


class Hold(models.Model):
    """Something that waits until a time; ``why`` and ``entry`` are of the last change.

    What a freeze or a flagged transaction holds has no time: it waits until it is lifted. With an
    ``account`` (its number) it stops every user there, and ``user`` is who can end it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=16, choices=What)
    why = models.CharField(max_length=16, choices=Why)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")), name="hold_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=False) | models.Q(why__in=rules.ENDLESS),
                name="only_what_is_lifted_holds_without_end",
            ),
            models.UniqueConstraint(
                fields=["user", "what"],
                condition=models.Q(why=rules.FROZEN, lifted_at__isnull=True),
                name="one_hold_of_a_freeze",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "what", "until"],
                name="hold_by_user",
                condition=models.Q(lifted_at__isnull=True),
            ),
            models.Index(
                fields=["account"],
                name="hold_by_account",
                condition=models.Q(lifted_at__isnull=True) & ~models.Q(account=""),
            ),
        ]

    def __str__(self) -> str:
        end = f"until {self.until:%Y-%m-%d %H:%M}" if self.until else "until lifted"
        return f"{self.what} {end}"
