import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts import vault
from accounts.challenges.models import Challenge
from accounts.outbox.models import Endpoint
from sls.methods.device import Authenticator
from sls.methods.ib_key import rules
from sls.methods.ib_key.rules import State


class IbKeyDevice(Authenticator):
    """A user on a telephone. Pending until the phone has shown that it holds what it was given."""

    handle = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    instance = models.UUIDField()  # the app on that telephone; several users may share it
    platform = models.CharField(max_length=8)
    element = models.CharField(max_length=12)
    public_key = models.BinaryField()  # P-256, 65 bytes, uncompressed (SEC 1)
    secret = models.BinaryField(null=True)  # sealed
    pin = models.BinaryField(null=True)  # sealed; None behind biometrics
    endpoint = models.OneToOneField(  # where its notifications go
        Endpoint, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    seamless = models.BooleanField(default=True)  # whether approvals are asked for by a push
    push_seen_at = models.DateTimeField(null=True)  # when the app last showed one

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(confirmed=True),
                name="one_active_ib_key_of_user",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=False) | models.Q(secret__isnull=False),
                name="live_ib_key_has_a_secret",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True) | models.Q(confirmed=False),
                name="revoked_ib_key_is_not_trusted",
            ),
        ]

    def seal(self, *, secret: bytes, pin: str | None) -> None:
        """Seals what the phone was given; the caller saves."""
        self.secret = self._sealed("secret", secret)
        self.seal_pin(pin)

    def seal_pin(self, pin: str | None) -> None:
        """Seals the PIN; the caller saves."""
        self.pin = None if pin is None else self._sealed("pin", pin.encode())

    def answers(self, question: str, answer: str) -> bool:
        """Whether the phone answers ``question`` so. What cannot be unsealed is a no."""
        try:
            secret, pin = self._opened("secret", self.secret), self.open_pin()
        except vault.CannotOpen:
            return False
        return rules.is_response(secret, question, answer, pin=pin)

    def open_pin(self) -> str | None:
        """The PIN, None behind biometrics. Raises ``vault.CannotOpen``."""
        return None if self.pin is None else self._opened("pin", self.pin).decode()

    @property
    def is_notified(self) -> bool:
        """Whether notifications reach it, as far as its push service said."""
        return self.endpoint is not None and self.endpoint.gone_at is None

    def _sealed(self, field: str, value: bytes) -> bytes:
        return vault.seal(value, table="ib_key", row=str(self.handle), field=field)

    def _opened(self, field: str, blob: bytes | None) -> bytes:
        if blob is None:
            raise vault.CannotOpen("revoked")
        return vault.unseal(blob, table="ib_key", row=str(self.handle), field=field)


class Push(models.Model):
    """A question put to the phone: approve what is shown, by the digits of the page."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(IbKeyDevice, on_delete=models.CASCADE, related_name="pushes")
    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="pushes")
    digits = models.BinaryField()  # sealed
    platform = models.CharField(max_length=16)
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stored = models.CharField(max_length=10, default=State.WAITING)
    why = models.CharField(max_length=10, blank=True)
    signature = models.BinaryField(null=True)  # of the approval, as evidence

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(stored=State.WAITING),
                name="one_push_waits_for_a_user",
            ),
        ]
        indexes = [models.Index(fields=["user", "-created_at"], name="pushes_of_user")]

    def __str__(self) -> str:
        return f"{self.stored} {self.id}"

    def put(self, digits: str) -> None:
        """Seals the digits; the caller saves."""
        self.digits = vault.seal(digits.encode(), table="push", row=str(self.id))

    def shown(self) -> str:
        """The digits, for the page that asked. Raises ``vault.CannotOpen``."""
        return vault.unseal(self.digits, table="push", row=str(self.id)).decode()

    @property
    def state(self) -> State:
        """How it stands now; the challenge has been read with it."""
        now = timezone.now()
        return rules.state(
            self.stored,
            now=now,
            expires_at=self.expires_at,
            challenge_open=self.challenge.is_open(now),
            used=self.challenge.used_at is not None,
        )


class PhoneActivation(models.Model):
    """A telephone on its way to become the authenticator of a user."""

    digest = models.CharField(max_length=64, primary_key=True)  # of the token or session ID
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    challenge = models.ForeignKey(Challenge, null=True, on_delete=models.SET_NULL, related_name="+")
    from_portal = models.BooleanField(default=False)  # shown to somebody who is signed in
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)  # a session ID is good for one phone
    proven_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="activations_by_age")]

    def __str__(self) -> str:
        return f"activation of {self.user_id}"
