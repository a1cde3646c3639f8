import hashlib
import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import DeviceManager

from accounts import vault
from accounts.challenges.models import Challenge
from accounts.client_accounts.models import ClientAccount
from sls.methods.device import Authenticator


class Card(models.Model):
    """A card as a thing: in stock, with a client, or gone. Its seed never leaves the vault."""

    handle = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    serial = models.CharField(max_length=32, unique=True)
    suite = models.CharField(max_length=64)
    seed = models.BinaryField()  # sealed
    pin = models.BinaryField(null=True)  # sealed; None in stock
    counter = models.PositiveBigIntegerField(default=0)  # the next one, in suites that have it
    awaited = models.PositiveBigIntegerField(null=True)  # the one that would prove it is far ahead
    asked = models.UUIDField(null=True)  # the one challenge that it may answer
    issued = models.PositiveIntegerField(default=0)  # challenges so far
    failures = models.PositiveSmallIntegerField(default=0)  # in a row, over all user names
    imported_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(shipped_at__isnull=True) | models.Q(pin__isnull=False),
                name="shipped_card_has_a_pin",
            ),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def masked(self) -> str:
        """The serial number as far as a page shows it."""
        return f"…{self.serial[-4:]}"

    @property
    def works(self) -> bool:
        """Whether an answer of it may be judged."""
        ended = (self.lost_at, self.returned_at, self.disabled_at)
        return self.shipped_at is not None and not any(ended)

    def put_seed(self, seed: bytes) -> None:
        """Seals the seed; the caller saves."""
        self.seed = vault.seal(seed, table="card", row=str(self.handle), field="seed")

    def open_seed(self) -> bytes:
        """The seed. Raises ``vault.CannotOpen``."""
        return vault.unseal(self.seed, table="card", row=str(self.handle), field="seed")

    def put_pin(self, pin: str) -> None:
        """Seals the PIN; the caller saves."""
        self.pin = vault.seal(pin.encode(), table="card", row=str(self.handle), field="pin")

    def open_pin(self) -> str:
        """The PIN. Raises ``vault.CannotOpen``."""
        if self.pin is None:
            raise vault.CannotOpen("in stock")
        return vault.unseal(self.pin, table="card", row=str(self.handle), field="pin").decode()


class CardDeviceManager(DeviceManager):
    def get_queryset(self) -> models.QuerySet["CardDevice"]:
        """With their cards: nothing can be said of one without the other."""
        return super().get_queryset().select_related("card")


class CardDevice(Authenticator):
    """A card as one user name's authenticator; pending until it is activated."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="devices")
    shared = models.BooleanField(default=False)  # the card belongs to another of the user's names

    objects = CardDeviceManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True) | models.Q(confirmed=False),
                name="revoked_card_device_is_not_trusted",
            ),
            models.UniqueConstraint(
                fields=["card", "user"],
                condition=models.Q(revoked_at__isnull=True),
                name="card_once_per_user",
            ),
        ]

    @classmethod
    def live(cls) -> models.Q:
        gone = models.Q(card__lost_at=None, card__returned_at=None, card__disabled_at=None)
        return super().live() & gone

    @classmethod
    def disabled(cls) -> models.Q:
        return super().disabled() | models.Q(card__disabled_at__isnull=False)

    @classmethod
    def locked(cls) -> models.QuerySet[Self]:
        return cls.objects.select_for_update(no_key=True, of=("self", "card"))

    @property
    def disabled_since(self) -> datetime | None:
        return self.disabled_at or self.card.disabled_at

    @property
    def may_prove(self) -> bool:
        return super().may_prove and self.card.works

    def unblock(self) -> None:
        super().unblock()
        card = Card.objects.select_for_update(no_key=True).get(pk=self.card_id)
        card.failures, card.disabled_at = 0, None
        card.save(update_fields=["failures", "disabled_at"])

    def awaits(self, challenge: Challenge) -> bool:
        return self.card.asked == challenge.pk


class Order(models.Model):
    """A client's request for a card, from the first page to the shipment.

    ``confirmed_at`` is set by the last page; what was not confirmed is a draft and goes.
    """

    handle = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(ClientAccount, null=True, on_delete=models.PROTECT)
    address = models.BinaryField(null=True)  # sealed
    pin = models.BinaryField(null=True)  # sealed until it is the card's
    why = models.CharField(max_length=16, blank=True)  # a code; "" for a first card
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    # Set aside for it, then sent.
    card = models.ForeignKey(Card, null=True, on_delete=models.PROTECT, related_name="orders")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(shipped_at__isnull=True, cancelled_at__isnull=True),
                name="one_open_card_order_per_user",
            )
        ]

    def __str__(self) -> str:
        return f"card order {self.pk}"

    @property
    def version(self) -> str:
        """Tells whether the order is still the one that was read; holds no secret."""
        content = [self.address, self.pin, self.why.encode(), str(self.account_id).encode()]
        return hashlib.sha256(b"\0".join(bytes(part or b"") for part in content)).hexdigest()[:16]

    def put(self, field: str, value: str) -> None:
        """Seals ``address`` or ``pin``; the caller saves."""
        sealed = vault.seal(value.encode(), table="card_order", row=str(self.handle), field=field)
        setattr(self, field, sealed)

    def opened(self, field: str) -> str:
        """The ``address`` or ``pin``. Raises ``vault.CannotOpen``, also when there is none."""
        blob = getattr(self, field)
        if blob is None:
            raise vault.CannotOpen("none")
        return vault.unseal(blob, table="card_order", row=str(self.handle), field=field).decode()


class Charge(models.Model):
    """A line of the account of a card: what was held, given back or charged, and why."""

    class Kind(models.TextChoices):
        HELD = "held", _("Held while the card is with you")
        RETURNED = "returned", _("Hold lifted")
        CHARGED = "charged", _("Charged")

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="charges")
    account = models.ForeignKey(ClientAccount, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    amount_usd = models.DecimalField(max_digits=8, decimal_places=2)
    why = models.CharField(max_length=16)  # a code; ``wording`` says it
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_usd} for {self.card_id}"
