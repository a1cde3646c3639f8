"""The methods there are, in the order in which they are shown."""

from django.db.models import QuerySet, Value

from accounts.contacts.rules import masked_phone
from accounts.prepared import prepared
from sls.methods.authenticator_app.method import AuthenticatorApp
from sls.methods.dsc_plus.method import DscPlus
from sls.methods.protocol import DeviceRow, Method
from sls.methods.sms.method import Sms

METHODS: tuple[Method, ...] = (AuthenticatorApp(), DscPlus(), Sms())
UNSORTED = 32_767  # behind whatever the client put in order
_BY_CODE = {method.code: method for method in METHODS}


def get(code: str) -> Method:
    """The method of that code. Raises ``KeyError`` for any other text."""
    return _BY_CODE[code]


def devices(user_id: int) -> list[DeviceRow]:
    """Every authenticator of the user that can prove something now, in the order that the client
    chose, else that of ``METHODS``. One query for all methods.
    """
    order = {method.code: place for place, method in enumerate(METHODS)}
    rows = sorted(
        _of_user(user_id=user_id), key=lambda row: (row[-1] or UNSORTED, order[row[1]], row[0])
    )
    return [DeviceRow(f"{_BY_CODE[row[1]].model.model_label()}/{row[0]}", *row[1:]) for row in rows]


def label(row: DeviceRow) -> str:
    """The authenticator in words; of a number no more than its end."""
    name = masked_phone(row.destination) if row.destination else row.name
    method = str(get(row.method).label)
    # "Passkey on Windows" says already what it is.
    return name if method.casefold() in name.casefold() else f"{method} – {name}"


@prepared
def _of_user(user_id: int) -> QuerySet:
    first, *rest = (_rows(method, user_id) for method in METHODS)
    return first.union(*rest, all=True)


def _rows(method: Method, user_id: int) -> QuerySet:
    return (
        method.devices(user_id)
        .order_by()
        .annotate(method=Value(method.code))
        .values_list("pk", "method", "name", "destination", "takes_sms", "last_used_at", "position")
    )
