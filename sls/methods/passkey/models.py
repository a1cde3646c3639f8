from django.db import models

from sls.methods.device import Authenticator


class PasskeyDevice(Authenticator):
    """A passkey. What the authenticator said of itself lies beside its public key.

    ``user_handle`` is what the authenticator knows the user by: random, the same for all passkeys
    of one user, and telling nothing. Texts are base64url without padding.
    """

    user_handle = models.CharField(max_length=86)
    credential_id = models.CharField(max_length=1364, unique=True, null=True, blank=True)
    public_key = models.BinaryField(null=True)  # COSE; NULL while pending, and once revoked
    sign_count = models.PositiveBigIntegerField(default=0)
    aaguid = models.UUIDField(null=True)
    transports = models.JSONField(default=list)
    backup_eligible = models.BooleanField(default=False)
    backup_state = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed=False)
                | models.Q(credential_id__isnull=False, public_key__isnull=False),
                name="live_passkey_has_a_key",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True)
                | models.Q(confirmed=False, public_key__isnull=True),
                name="revoked_passkey_is_not_trusted",
            ),
            models.CheckConstraint(
                condition=models.Q(backup_eligible=True) | models.Q(backup_state=False),
                name="only_synced_passkeys_are_backed_up",
            ),
        ]
