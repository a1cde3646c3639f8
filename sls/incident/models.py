from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.freeze.models import Freeze
from sls.incident import rules


class What(models.TextChoices):
    """What was done on the way."""

    ENTERED = "entered", _("Came back in by")
    PASSWORD = rules.PASSWORD, _("New password set")
    DEVICE_REMOVED = "device_removed", _("Authenticator removed")
    DEVICE_ADDED = "device_added", _("Authenticator added")
    FACTORS = rules.FACTORS, _("Authenticators looked through")
    CONTACT_REMOVED = "contact_removed", _("Contact taken off")
    CONTACT_BACK = "contact_back", _("Change of contacts undone")
    CONTACTS = rules.CONTACTS, _("Contacts looked through")
    QUESTIONS = rules.QUESTIONS, _("Questions answered")
    GAPS = rules.GAPS, _("Gaps looked through")
    ASKED = "asked", _("Asked to let everything go on")
    STOPPED = "stopped", _("That was stopped")
    THAWED = "thawed", _("Everything goes on again")


class Cause(models.TextChoices):
    """How somebody may have got in."""

    LINK = "link", _("I followed a link in an e-mail or a message and typed my details there")
    CALL = "call", _("Somebody called and I told them a code or a password")
    TEXT = "text", _("I answered a text message or passed on a code")
    SHARED = "shared", _("Somebody else uses my device, or knows my password")
    MALWARE = "malware", _("I installed something, or somebody saw my screen")
    STOLEN = "stolen", _("My phone or computer was stolen or lost")
    SIM = "sim", _("My phone lost its network, or my number was moved")
    UNKNOWN = "unknown", _("I do not know")


class Step(models.Model):
    """One thing that was done after a freeze; ``about`` names it without a secret."""

    freeze = models.ForeignKey(Freeze, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=16, choices=What)
    about = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["freeze", "id"], name="steps_of_freeze")]

    def __str__(self) -> str:
        return self.what


class Review(models.Model):
    """How it happened, in the owner's words; one for each freeze."""

    freeze = models.OneToOneField(Freeze, on_delete=models.PROTECT, related_name="+")
    causes = models.JSONField(default=list)
    text = models.TextField(max_length=rules.TEXT_MAX, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return ", ".join(self.causes)
