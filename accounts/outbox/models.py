import json
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import vault
from accounts.outbox.ports import CARRIER_MOST


class Channel(models.TextChoices):
    SMS = "sms", _("Text message")
    VOICE = "voice", _("Voice call")
    EMAIL = "email", _("E-mail")
    PUSH = "push", _("Notification of IB Key")
    HOOK = "hook", _("Webhook")


# Whose provider can be asked afterwards what became of a message, and who is told by numbers.
TELEPHONE = frozenset({Channel.SMS, Channel.VOICE})


class Status(models.TextChoices):
    """The ladder. ``ABORTED`` is a queued message that was never handed over."""

    QUEUED = "queued", _("Waiting to be handed over")
    SENDING = "sending", _("Being handed over")
    SENT = "sent", _("Accepted by the carrier")
    DELIVERED = "delivered", _("Delivered")
    UNDELIVERED = "undelivered", _("Not delivered")
    FAILED = "failed", _("Could not be sent")
    UNKNOWN = "unknown", _("Not known")
    ABORTED = "aborted", _("Replaced before it was sent")


class Message(models.Model):
    """One thing to send to one person by one channel."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(max_length=5, choices=Channel)
    name = models.CharField(max_length=40)  # folder under templates/messages/
    to = models.CharField(max_length=254)
    country = models.CharField(max_length=4, blank=True)  # of a telephone (``places.country_of``)
    language = models.CharField(max_length=8)
    body = models.BinaryField(null=True)  # sealed JSON, NULL once wiped
    about = models.CharField(max_length=36, blank=True)  # id of the challenge it carries
    is_code = models.BooleanField(default=False)  # counts against the caps of its number
    sensitive = models.BooleanField(default=False)  # never goes to a new SIM card
    dedupe = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001  (many have none)

    status = models.CharField(max_length=11, choices=Status, default=Status.QUEUED)
    detail = models.CharField(max_length=20, blank=True)  # provider's own word: "ringing"
    error_code = models.PositiveIntegerField(null=True)
    provider_id = models.CharField(max_length=34, blank=True)
    key_pressed = models.CharField(max_length=1, blank=True)
    answer = models.PositiveSmallIntegerField(null=True)  # HTTP status of a webhook's receiver
    took_ms = models.PositiveIntegerField(null=True)  # what its last post took
    tries = models.PositiveSmallIntegerField(default=0)
    turns = models.PositiveSmallIntegerField(default=0)  # keys of the call answered so far

    created_at = models.DateTimeField()
    not_before = models.DateTimeField()  # when it was meant to go; spacing counts from here
    retry_at = models.DateTimeField(null=True)  # after a try that was not processed
    expires_at = models.DateTimeField()
    posting_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)  # when its code was seen to be used
    checked_at = models.DateTimeField(null=True)  # when the provider was last asked
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="message_status_known"
            )
        ]
        indexes = [
            models.Index(
                fields=["to", "-created_at"],
                name="message_codes_by_number",
                condition=models.Q(is_code=True),
            ),
            models.Index(
                fields=["to", "-created_at"],
                name="message_by_number",
                condition=models.Q(is_code=False, channel__in=["sms", "voice"]),
            ),
            models.Index(
                fields=["to", "-created_at", "-id"],
                name="message_by_hook",
                condition=models.Q(channel="hook"),
            ),
            models.Index(fields=["about", "-created_at"], name="message_by_challenge"),
            models.Index(fields=["user", "-created_at", "-id"], name="message_by_user"),
            models.Index(fields=["created_at", "id"], name="message_by_age"),
            models.Index(
                fields=["status", "changed_at"],
                name="message_in_motion",
                condition=models.Q(status__in=["queued", "sending", "sent", "unknown"]),
            ),
            models.Index(
                fields=["-created_at"],
                name="codes_not_delivered",
                condition=models.Q(is_code=True, status__in=["undelivered", "failed"]),
            ),
            models.Index(
                fields=["status", "-created_at", "-id"],
                name="message_not_delivered",
                condition=models.Q(status__in=["undelivered", "failed"]),
            ),
            models.Index(
                fields=["expires_at"],
                name="message_bodies_to_wipe",
                condition=models.Q(body__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.name} {self.status}"

    def put(self, content: dict) -> None:
        """Seals what is to be sent; the caller saves."""
        self.body = vault.seal(json.dumps(content).encode(), table="message", row=str(self.id))

    def content(self) -> dict:
        """What is to be sent. Raises ``vault.CannotOpen``, also when it was wiped."""
        if self.body is None:
            raise vault.CannotOpen("wiped")
        return json.loads(vault.unseal(self.body, table="message", row=str(self.id)))


class Endpoint(models.Model):
    """Where notifications go for a user: a subscription of an app (RFC 8030), until it is over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="endpoints"
    )
    subscription = models.BinaryField(null=True)  # sealed; NULL once it is over
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)  # when its push service last took a message
    refused_at = models.DateTimeField(null=True)
    refused_with = models.PositiveSmallIntegerField(null=True)
    gone_at = models.DateTimeField(null=True)  # when the push service said that it is over

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(gone_at__isnull=False) | models.Q(subscription__isnull=False),
                name="live_endpoint_has_a_subscription",
            )
        ]
        indexes = [
            models.Index(
                fields=["user"], name="endpoints_of_user", condition=models.Q(gone_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"endpoint {self.pk}"

    def put(self, subscription: dict) -> None:
        """Seals where notifications go; the caller saves."""
        text = json.dumps(subscription).encode()
        self.subscription = vault.seal(text, table="endpoint", row=str(self.id))

    def opened(self) -> dict:
        """Where notifications go. Raises ``vault.CannotOpen``, also when it is over."""
        if self.subscription is None:
            raise vault.CannotOpen("gone")
        return json.loads(vault.unseal(self.subscription, table="endpoint", row=str(self.id)))


class Inbound(models.Model):
    """A text message that came in, so that it counts once however often it is told."""

    provider_id = models.CharField(primary_key=True, max_length=34)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.provider_id


class Lookup(models.Model):
    """What the network last said of a number; one row a number, whoever has it on a list."""

    number = models.CharField(max_length=16, unique=True)
    line_type = models.CharField(max_length=8, blank=True)  # "mobile", "landline", "voip" or ""
    carrier = models.CharField(max_length=CARRIER_MOST, blank=True)  # its name, as it was told
    swapped_at = models.DateTimeField(null=True)  # the last change of SIM card that is known of
    wanted_at = models.DateTimeField(null=True)  # since when an answer is waited for
    tried_at = models.DateTimeField(null=True)  # when a worker was last set on it
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["wanted_at"],
                name="lookup_wanted",
                condition=models.Q(wanted_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"lookup {self.pk}"
