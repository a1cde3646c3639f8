"""The methods there are, in the order in which they are shown."""

import functools
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import Exists, QuerySet, Value
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.challenges.models import Challenge
from accounts.contacts.rules import masked_phone
from accounts.prepared import prepared
from sls.methods.authenticator_app.method import AuthenticatorApp
from sls.methods.backup_codes.method import BackupCodes
from sls.methods.dsc_plus.method import DscPlus
from sls.methods.passkey.method import Passkey
from sls.methods.protocol import Asks, DeviceRow, Method
from sls.methods.sms.method import Sms

METHODS: tuple[Method, ...] = (Passkey(), AuthenticatorApp(), DscPlus(), Sms(), BackupCodes())
UNSORTED = 32_767  # behind whatever the client put in order
_COLUMNS = (
    *("pk", "method", "name", "destination", "takes_sms"),
    *("last_used_at", "position", "lives_on"),
)
_POSITION = _COLUMNS.index("position")
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
        _of_user(user_id=user_id),
        key=lambda row: (row[_POSITION] or UNSORTED, order[row[1]], row[0]),
    )
    return [DeviceRow(f"{_BY_CODE[row[1]].model.model_label()}/{row[0]}", *row[1:]) for row in rows]


def switched_off(user_id: int) -> set[str]:
    """The permanent methods of which wrong codes have disabled an authenticator of the user. One
    query."""
    return {code for (code,) in _disabled_of_user(user_id=user_id)}


def label(row: DeviceRow) -> str:
    """The authenticator in words; of a number no more than its end."""
    if row.destination:
        words = _("Text message to %(number)s") if row.takes_sms else _("Call to %(number)s")
        return words % {"number": masked_phone(row.destination)}
    method, name = str(get(row.method).label), called(row.method, row.name)
    # "Passkey on Windows" says already what it is.
    if method.casefold() in name.casefold():
        return name
    return _("%(method)s on %(name)s") % {"method": method, "name": name}


def called(method: str, name: str) -> str:
    """The name of an authenticator; in the reader's language where its owner chose none.

    Things that are sent to clients are called by their kind and the end of their number.
    """
    label = str(get(method).label)
    for known in _labels(method):
        if name == known or name.startswith(f"{known} …"):
            return label + name.removeprefix(known)
    return name or label


@functools.cache
def _labels(method: str) -> frozenset[str]:
    labels = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            labels.add(str(get(method).label))
    return frozenset(labels)


def asked(challenge: Challenge) -> Mapping[str, Any]:
    """What the page of an answer shows besides the question."""
    method = get(challenge.method)
    return method.asking(challenge) if isinstance(method, Asks) else {}


@prepared
def _of_user(user_id: int) -> QuerySet:
    first, *rest = (_rows(method, user_id) for method in METHODS)
    return first.union(*rest, all=True)


@prepared
def _disabled_of_user(user_id: int) -> QuerySet:
    first, *rest = (_disabled(method, user_id) for method in METHODS if method.permanent)
    return first.union(*rest)


def _disabled(method: Method, user_id: int) -> QuerySet:
    disabled = method.model.objects.filter(
        method.model.disabled(), user_id=user_id, confirmed=True, revoked_at=None
    )
    return disabled.order_by().values_list(Value(method.code))


def still_proves(method: str, *, device: int, user_id: int) -> Exists:
    """Whether an authenticator (a primary key) that was right is neither revoked nor disabled.

    That is not whether it could prove again: the last code of a set is good for one sign-in.
    """
    model = get(method).model
    return Exists(model.objects.filter(model.live(), pk=device, user_id=user_id))


def _rows(method: Method, user_id: int) -> QuerySet:
    found = method.devices(user_id).order_by().annotate(method=Value(method.code))
    if "lives_on" not in found.query.annotations:
        found = found.annotate(lives_on=Value(method.lives_on.value))
    return found.values_list(*_COLUMNS)
