import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import references
from accounts.callers import rules
from accounts.callers.rules import Proof
from accounts.challenges.models import Challenge
from accounts.users.rules import FIRST_NAME_MAX


class Department(models.TextChoices):
    """Where the member of staff sits; follows from their role, nobody chooses it."""

    SERVICES = "services", _("Client Services")
    SECURITY = "security", _("Security team")
    CARDS = "cards", _("Card desk")


class Topic(models.TextChoices):
    """What it is about; never free text, since strangers may read it."""

    SIGN_IN = "sign_in", _("signing in")
    CONTACTS = "contacts", _("your contact details")
    DEVICES = "devices", _("your authenticators")
    CARD = "card", _("your security card")
    TRANSACTION = "transaction", _("a transaction")
    CASE = "case", _("something that you reported")
    ACCOUNT = "account", _("your account")


class Talk(models.Model):
    """One conversation of a member of staff with a client, from its reference to its end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=references.LENGTH, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=FIRST_NAME_MAX)  # first name, as the client is told it
    department = models.CharField(max_length=8, choices=Department)
    topic = models.CharField(max_length=12, choices=Topic)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    checks = models.PositiveSmallIntegerField(default=0)  # how often the reference was confirmed
    # What came of asking the caller to prove who they are.
    proof = models.CharField(max_length=6, default=Proof.NONE.value)
    challenge = models.ForeignKey(Challenge, null=True, on_delete=models.SET_NULL, related_name="+")
    method = models.CharField(max_length=24, blank=True)
    asks = models.PositiveSmallIntegerField(default=0)
    proven_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("opened_at")),
                name="talk_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=~models.Q(user=models.F("staff")), name="nobody_calls_themselves"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-opened_at"], name="talks_of_user"),
            models.Index(fields=["staff", "-opened_at"], name="talks_of_staff"),
        ]

    def __str__(self) -> str:
        return f"talk {self.shown}"

    @property
    def shown(self) -> str:
        """The reference as people read it."""
        return references.shown(self.reference)

    @property
    def is_open(self) -> bool:
        """Whether the reference is good now."""
        now = timezone.now()
        return rules.is_open(now, expires_at=self.expires_at, ended_at=self.ended_at)

    @property
    def may_ask(self) -> bool:
        """Whether the caller may be asked for a proof (again)."""
        return rules.may_ask(self.proof, asks=self.asks, is_open=self.is_open)
