"""Everything a client holds, whatever its state: one query for each method that there is."""

from sls.devices.rules import MOST_OF_A_METHOD, Standing
from sls.methods import registry
from sls.methods.device import Authenticator
from sls.methods.ib_key.models import IbKeyDevice
from sls.methods.protocol import Method
from sls.methods.registry import METHODS, UNSORTED
from sls.methods.rules import Strength, is_spare
from sls.methods.sms.models import PhoneDevice

_OF_MODEL = {method.model: method for method in METHODS}

ONE_ACTIVE = ("ib_key",)  # a phone takes the place of the one before


def method_of(device: Authenticator) -> Method:
    """The method that ``device`` is of."""
    return _OF_MODEL[type(device)]


def of_method(method: Method, user_id: int) -> list[Authenticator]:
    """The user's enrolled authenticators of one method, also those that are disabled. One query."""
    rows = method.model.objects.filter(user_id=user_id, confirmed=True, revoked_at=None)
    if method.model is PhoneDevice:
        rows = rows.select_related("phone")
    if method.model is IbKeyDevice:
        rows = rows.select_related("endpoint")
    return list(rows.order_by("pk"))


def held(user_id: int) -> list[Authenticator]:
    """All of them in the order that the client chose, else that of the methods."""
    rows = [device for method in METHODS for device in of_method(method, user_id)]
    return sorted(rows, key=lambda device: device.position or UNSORTED)


def most_of(method: Method) -> int:
    """How many of a method one client may hold. What only stands in comes as one set."""
    if method.code in ONE_ACTIVE:
        return 1
    return MOST_OF_A_METHOD if method.permanent else 1


def standings(user_id: int) -> list[Standing]:
    """What can prove now, as the rules need it. One query."""
    return [_standing(row.id, registry.get(row.method)) for row in registry.devices(user_id)]


def standing(device: Authenticator) -> Standing:
    """The same for an authenticator that can prove now."""
    return _standing(device.persistent_id, method_of(device))


def _standing(device_id: str, method: Method) -> Standing:
    # Codes to a telephone open the door while they are on; printed codes alone do not.
    return Standing(
        id=device_id,
        permanent=method.permanent,
        opens=not is_spare(permanent=method.permanent, sent=bool(method.channels)),
        resistant=method.strength >= Strength.PHISHING_RESISTANT,
    )
