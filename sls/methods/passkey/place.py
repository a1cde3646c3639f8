"""What a passkey would be lost with, from what its authenticator said of itself."""

from django.conf import settings
from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.functions import Cast
from django.db.models.lookups import Contains

from sls.methods.rules import Place

# Ways to reach an authenticator (WebAuthn), the one that tells most first.
_REACHED_BY = {
    "hybrid": Place.PHONE,
    "usb": Place.KEY,
    "nfc": Place.KEY,
    "ble": Place.KEY,
    "internal": Place.COMPUTER,
}


def of_row() -> Case:
    """The place of each passkey of a query.

    Only a copy that exists counts: one that may be synced, but was not when it was last used, is
    lost with its device. What says nothing is on the phone, which is lost most.
    """
    told = Cast(F("transports"), TextField())
    return Case(
        When(backup_state=True, then=Value(Place.CLOUD.value)),
        *(
            When(Q(Contains(told, Value(f'"{way}"'))), then=Value(place.value))
            for way, place in _REACHED_BY.items()
        ),
        default=Value(Place.PHONE.value),
    )


def of_new() -> Place:
    """The place of a passkey that somebody is yet to make; most are synced by their maker."""
    return Place.CLOUD if settings.PASSKEYS_MAY_SYNC else Place.PHONE
