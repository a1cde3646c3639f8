from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import references
from accounts.cases import rules


class Kind(models.TextChoices):
    """What it is about."""

    SIGN_IN = "sign_in", _("A sign-in")
    EMAIL = "email", _("An e-mail")
    CALL = "call", _("A telephone call")
    TEXT = "text", _("A text message")
    TRANSACTION = "transaction", _("A transaction")
    STATEMENT = "statement", _("A statement or a balance")
    INCIDENT = "incident", _("“This was not me”: everything was stopped")


class Status(models.TextChoices):
    """Whose turn it is."""

    RECEIVED = "received", _("Received")
    LOOKED_AT = "looked_at", _("Being looked at")
    WAITING = "waiting", _("Waiting for you")
    CLOSED = "closed", _("Closed")


class Outcome(models.TextChoices):
    """What it turned out to be."""

    FRAUD = "fraud", _("Fraud: somebody else")
    PHISHING = "phishing", _("Phishing, nothing came of it")
    MISTAKE = "mistake", _("A mistake of the client")
    OURS = "ours", _("A mistake of ours")
    NOTHING = "nothing", _("Nothing was wrong")


class Vector(models.TextChoices):
    """How somebody most likely got in."""

    PHISHING = "phishing", _("Phishing: a code or password was told")
    REUSED = "reused", _("A password used elsewhere")
    SIM = "sim", _("The telephone number was taken over")
    MALWARE = "malware", _("A computer or telephone with malware")
    DEVICE = "device", _("A lost or stolen device")
    CLOSE = "close", _("Somebody close to the client")
    SUPPORT = "support", _("Through our own support")
    UNKNOWN = "unknown", _("Not known")


class Case(models.Model):
    """One report, from its opening to its end. ``user`` is None for whoever did not sign in."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField(max_length=references.LENGTH, unique=True)
    kind = models.CharField(_("What"), max_length=12, choices=Kind)
    status = models.CharField(_("State"), max_length=12, choices=Status, default=Status.RECEIVED)
    opened_at = models.DateTimeField(_("Opened"))
    moved_at = models.DateTimeField(_("Last step"))  # when somebody last wrote, took or closed it
    closed_at = models.DateTimeField(_("Closed"), null=True)
    reason = models.CharField(
        _("Reason"), max_length=rules.REASON_MAX, blank=True
    )  # why it was closed
    outcome = models.CharField(
        _("Outcome"), max_length=8, choices=Outcome, blank=True
    )  # staff alone read it
    assigned = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # What was learnt of it, once it is over (FEATURES 144).
    vector = models.CharField(
        _("How it most likely came about"), max_length=8, choices=Vector, blank=True
    )
    lesson = models.TextField(max_length=rules.TEXT_MAX, blank=True)
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("case"), _("cases")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="closed", closed_at__isnull=False)
                | (~models.Q(status="closed") & models.Q(closed_at__isnull=True)),
                name="closed_case_has_its_time",
            )
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="cases_of_user"),
            models.Index(
                fields=["id"], condition=models.Q(closed_at__isnull=True), name="open_cases"
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.shown}"

    @property
    def shown(self) -> str:
        """The reference as people read it."""
        return references.shown(self.reference)

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is written in it."""
        return self.status == Status.CLOSED


class Letter(models.Model):
    """One message in a case. ``staff`` is None where the owner wrote it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    text = models.TextField(max_length=rules.TEXT_MAX)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="letters_of_case")]

    def __str__(self) -> str:
        return f"letter of {self.case_id}"


class Note(models.Model):
    """What staff write for each other in a case; the owner never reads it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(max_length=rules.TEXT_MAX)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="notes_of_case")]

    def __str__(self) -> str:
        return f"note of {self.case_id}"
