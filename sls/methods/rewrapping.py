"""Moves the sealed secrets of authenticators to the active key-encryption key."""

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from accounts import vault

BATCH = 500


def rewrap(model: type[Model], field: str) -> int:
    """Wraps every secret in ``field`` by the active key-encryption key; none is decrypted.

    Safe to repeat and to stop at any time. Returns how many were wrapped anew. Raises
    ``vault.CannotOpen`` when an old key is not there.
    """
    done, after = 0, {}
    while True:
        with transaction.atomic():
            rows = list(
                model.objects.select_for_update(no_key=True, of=("self",))
                .filter(**after, **{f"{field}__isnull": False})
                .order_by("pk")[:BATCH]
            )
            for row in rows:
                sealed = getattr(row, field)
                if vault.key_id(sealed) != settings.KEK_ACTIVE:
                    model.objects.filter(pk=row.pk).update(**{field: vault.rewrap(sealed)})
                    done += 1
        if not rows:
            return done
        after = {"pk__gt": rows[-1].pk}
