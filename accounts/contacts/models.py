from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.contacts import rules


class LineType(models.TextChoices):
    """What kind of line a number is, as far as libphonenumber or the carrier told."""

    UNKNOWN = "", _("Not known")
    MOBILE = "mobile", _("Mobile")
    LANDLINE = "landline", _("Landline")
    VOIP = "voip", _("Internet telephone")


class Listed(models.Manager):
    """The contacts that are on somebody's list; those that were taken off are not there."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(removed_at=None)


class Contact(models.Model):
    """What e-mail addresses and telephone numbers share.

    One that was taken off the list is kept for as long as that can be undone (``kept``).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    primary = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    trusted_from = models.DateTimeField(null=True)  # when it may begin to confirm changes
    removed_at = models.DateTimeField(null=True)
    # Support put it on the list: nothing goes there before the client, proven, has taken it.
    suggested = models.BooleanField(default=False)

    objects = Listed()
    kept = models.Manager()  # noqa: DJ012  (the first manager is the default)

    class Meta:
        abstract = True


class EmailAddress(Contact):
    """Where alerts and codes by e-mail go."""

    address = models.CharField(max_length=254)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "address"],
                condition=models.Q(removed_at__isnull=True),
                name="email_once_per_user",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(primary=True), name="one_primary_email"
            ),
            models.CheckConstraint(
                condition=models.Q(primary=False) | models.Q(verified_at__isnull=False),
                name="primary_email_is_verified",
            ),
            models.CheckConstraint(
                condition=models.Q(primary=False) | models.Q(removed_at__isnull=True),
                name="primary_email_is_listed",
            ),
            models.CheckConstraint(
                condition=models.Q(suggested=False) | models.Q(verified_at__isnull=True),
                name="suggested_email_is_not_verified",
            ),
        ]
        indexes = [models.Index(fields=["address"], name="email_by_address")]

    def __str__(self) -> str:
        return self.masked

    @property
    def value(self) -> str:
        return self.address

    @property
    def shown(self) -> str:
        """As its owner reads it."""
        return self.address

    @property
    def masked(self) -> str:
        return rules.masked_email(self.address)


class PhoneNumber(Contact):
    """A telephone number in E.164, and what is known of it."""

    number = models.CharField(max_length=16)
    line_type = models.CharField(
        max_length=8, choices=LineType, default=LineType.UNKNOWN, blank=True
    )
    sms_refused_by_carrier = models.BooleanField(default=False)
    opted_out_at = models.DateTimeField(null=True)
    sim_swapped_at = models.DateTimeField(null=True)  # the last change of SIM that was told
    looked_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "number"],
                condition=models.Q(removed_at__isnull=True),
                name="phone_once_per_user",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(primary=True), name="one_primary_phone"
            ),
            models.CheckConstraint(
                condition=models.Q(primary=False) | models.Q(verified_at__isnull=False),
                name="primary_phone_is_verified",
            ),
            models.CheckConstraint(
                condition=models.Q(primary=False) | models.Q(removed_at__isnull=True),
                name="primary_phone_is_listed",
            ),
            models.CheckConstraint(
                condition=models.Q(suggested=False) | models.Q(verified_at__isnull=True),
                name="suggested_phone_is_not_verified",
            ),
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^\+[1-9][0-9]{6,14}$"), name="phone_is_e164"
            ),
        ]
        indexes = [models.Index(fields=["number"], name="phone_by_number")]

    def __str__(self) -> str:
        return self.masked

    @property
    def value(self) -> str:
        return self.number

    @property
    def shown(self) -> str:
        """As its owner reads it."""
        return rules.shown_phone(self.number)

    @property
    def masked(self) -> str:
        return rules.masked_phone(self.number)

    @property
    def takes_sms(self) -> bool:
        """Whether a text message has a chance: not opted out, not refused by the carrier."""
        return self.opted_out_at is None and not self.sms_refused_by_carrier


class What(models.TextChoices):
    """What was done to a list of contacts."""

    ADDED = "added", _("Contact added")
    PRIMARY = "primary", _("Primary contact changed")
    REMOVED = "removed", _("Contact removed")


class Change(models.Model):
    """A change of contacts that can be undone ``until`` a time.

    ``kind`` is the name of a kind, ``contact`` the id of the row that was changed, ``former`` of
    the one that was primary before.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5)
    what = models.CharField(max_length=7, choices=What)
    contact = models.BigIntegerField()
    former = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "kind", "until"], name="changes_in_motion")]

    def __str__(self) -> str:
        return f"{self.kind} {self.what}"
