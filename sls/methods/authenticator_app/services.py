from django.conf import settings
from django.db import transaction

from accounts import vault
from sls.methods.authenticator_app.models import AppDevice

BATCH = 500


def rewrap_seeds() -> int:
    """Wraps every seed by the active key-encryption key; no seed is decrypted.

    Safe to repeat and to stop at any time. Returns how many were wrapped anew. Raises
    ``vault.CannotOpen`` when an old key is not there.
    """
    done, last = 0, 0
    while True:
        with transaction.atomic():
            rows = list(
                AppDevice.objects.select_for_update(no_key=True)
                .filter(pk__gt=last, seed__isnull=False)
                .order_by("pk")[:BATCH]
            )
            for row in rows:
                if vault.key_id(row.seed) != settings.KEK_ACTIVE:
                    AppDevice.objects.filter(pk=row.pk).update(seed=vault.rewrap(row.seed))
                    done += 1
        if not rows:
            return done
        last = rows[-1].pk
