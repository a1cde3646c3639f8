from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import references
from accounts.audit.models import Entry
from accounts.freeze import rules


class How(models.TextChoices):
    """How it was said that something was not the owner's."""

    PAGE = "page", _("On our pages, signed in")
    LINK = "link", _("By the link in one of our mails")
    STAFF = "staff", _("By our staff, on the owner's word")
    CALL = "call", _("By a key in a call of ours")
    API = "api", _("By a program with one of your tokens")


class Trading(models.TextChoices):
    """What of the trading stops."""

    NOTHING = rules.NOTHING, _("Trading goes on")
    CLOSE_ONLY = rules.CLOSE_ONLY, _("Positions may only be closed")
    NONE = rules.NONE, _("No trading at all")


class Part(models.TextChoices):
    """What was stopped, one line of the receipt each, with how many there were."""

    SESSIONS = "sessions", _("Sessions ended")
    TOKENS = "tokens", _("API tokens revoked")
    BROWSERS = "browsers", _("Known browsers forgotten")
    CODES = "codes", _("Open security codes cancelled")
    MESSAGES = "messages", _("Security codes not sent any more")
    SIGN_INS = "sign_ins", _("Begun sign-ins ended")
    PROOFS = "proofs", _("Proofs of identity dropped")
    RECOVERIES = "recoveries", _("Begun ways back into the account ended")
    CHANGES = "changes", _("Changes of contacts stopped from taking effect")
    ADDRESSES = "addresses", _("Changes of IP restrictions taken back")
    CARDS = "cards", _("Requests for a security card cancelled")
    DOOR = "door", _("Emergency door shut")


class Freeze(models.Model):
    """One freeze, from the act to the thaw; ``steps`` is its receipt."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=references.LENGTH, unique=True)
    at = models.DateTimeField()
    how = models.CharField(max_length=8, choices=How)
    trading = models.CharField(max_length=12, choices=Trading)
    trading_at = models.DateTimeField()  # since when it stops that much
    # Where it was said: as the entry has it, for the receipt.
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=400, blank=True)
    # What the owner did not recognise, if they said it of something.
    about = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="+")
    steps = models.JSONField(default=list)  # of [Part, how many, ISO time], in their order
    thaw_asked_at = models.DateTimeField(null=True)
    thawed_at = models.DateTimeField(null=True)
    thawed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(thawed_at__isnull=True),
                name="one_freeze_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["user", "-at"], name="freezes_of_user")]

    def __str__(self) -> str:
        return f"freeze {self.shown}"

    @property
    def shown(self) -> str:
        """The reference as people read it."""
        return references.shown(self.reference)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each part there were."""
        return {part: count for part, count, _at in self.steps}

    def note(self, part: Part, count: int, *, at: datetime | None = None) -> None:
        """Adds a line to the receipt; whoever made the freeze saves. Said again, it adds up."""
        before = self.counts.get(part, 0)
        rest = [step for step in self.steps if step[0] != part]
        when = (at or timezone.now()).isoformat(timespec="milliseconds")
        self.steps = [*rest, [part.value, before + count, when]]
