"""The methods there are, in the order in which they are shown."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import joined
from accounts.challenges.models import Challenge
from accounts.contacts.rules import masked_phone
from accounts.joined import Read
from accounts.origin import Origin
from accounts.prepared import prepared
from accounts.users.models import User
from sls.methods.authenticator_app.method import AuthenticatorApp
from sls.methods.backup_codes.method import BackupCodes
from sls.methods.dsc_plus.method import DscPlus
from sls.methods.ib_key.method import IbKey
from sls.methods.online_card.method import OnlineCardMethod
from sls.methods.passkey.method import Passkey
from sls.methods.protocol import Asks, DeviceRow, Limits, Method, Rings
from sls.methods.sms.method import Sms
from sls.methods.temporary_passcode.method import TemporaryPasscode

METHODS: tuple[Method, ...] = (
    Passkey(),
    IbKey(),
    AuthenticatorApp(),
    DscPlus(),
    Sms(),
    OnlineCardMethod(),
    BackupCodes(),
    TemporaryPasscode(),
)
PORTAL = "web"
UNSORTED = 32_767  # behind whatever the client put in order
_COLUMNS = (
    *("pk", "method", "name", "destination", "takes_sms"),
    *("last_used_at", "position", "lives_on", "over_at", "limited_until"),
)
_METHOD, _POSITION = _COLUMNS.index("method"), _COLUMNS.index("position")
_LIMITED = ("over_at", "limited_until")  # only where the time of an authenticator is
_BY_CODE = {method.code: method for method in METHODS}


def get(code: str) -> Method:
    """The method of that code. Raises ``KeyError`` for any other text."""
    return _BY_CODE[code]


def devices(user_id: int) -> list[DeviceRow]:
    """Every authenticator of the user that can prove something now, in the order that the client
    chose, else that of ``METHODS``. One query for all methods.
    """
    return reading(user_id).alone()


def reading(user_id: int) -> Read[list[DeviceRow]]:
    """``devices``, to be read along with something else."""
    now = timezone.now()

    def live(found: list[tuple]) -> list[DeviceRow]:
        return [row for row in _sorted(found) if row.over_at is None or now < row.over_at]

    return Read(_of_user, {"user_id": user_id}, live)


def signing_in(user_id: int, platform: str) -> list[DeviceRow]:
    """The same for a sign-in: in the portal also what opens a limited session only (``Limits``).
    One query."""
    if platform != PORTAL:
        return devices(user_id)
    now = timezone.now()
    return [
        row
        for row in _sorted(_of_user(user_id=user_id))
        if row.over_at is None or now < (row.limited_until or row.over_at)
    ]


def limits(challenge: Challenge) -> str:
    """To what the session is limited that a right answer opens, "" for nothing. One query where
    the method knows limits, else none."""
    method = get(challenge.method)
    return method.limits(challenge.device) if isinstance(method, Limits) else ""


def _sorted(found: Iterable[tuple]) -> list[DeviceRow]:
    order = {method.code: place for place, method in enumerate(METHODS)}
    rows = sorted(found, key=lambda row: (row[_POSITION] or UNSORTED, order[row[_METHOD]], row[0]))
    return [
        DeviceRow(f"{_BY_CODE[row[_METHOD]].model.model_label()}/{row[0]}", *row[1:])
        for row in rows
    ]


def ring(challenge: Challenge, *, user: User, origin: Origin) -> None:
    """Asks the device of an open challenge once more, where its method does that; the challenge
    stays. Raises ``limits.TooMany``."""
    method = get(challenge.method)
    if isinstance(method, Rings):
        method.ring(challenge, user=user, origin=origin)


@dataclass(frozen=True, slots=True)
class Held:
    """An authenticator in whatever state. ``number`` is E.164 for one that is a telephone."""

    id: str
    method: str
    name: str
    number: str
    confirmed: bool
    disabled: bool
    created_at: datetime
    last_used_at: datetime | None
    failures: int


def held(user_id: int) -> list[Held]:
    """Everything that the user holds and that was not revoked, also what is pending or disabled,
    in the order of ``METHODS``. One query for all methods."""
    order = {method.code: place for place, method in enumerate(METHODS)}
    rows = sorted(_held_by_user(user_id=user_id), key=lambda row: (order[row[1]], row[0]))
    return [Held(f"{_BY_CODE[row[1]].model.model_label()}/{row[0]}", *row[1:]) for row in rows]


def switched_off(user_id: int) -> set[str]:
    """The permanent methods of which wrong codes have disabled an authenticator of the user. One
    query."""
    return _reading_switched_off(user_id).alone()


def _reading_switched_off(user_id: int) -> Read[set[str]]:
    return Read(_disabled_of_user, {"user_id": user_id}, lambda found: {code for (code,) in found})


def standing(user_id: int) -> tuple[list[DeviceRow], set[str]]:
    """``devices`` and ``switched_off`` in one query."""
    return joined.read(reading(user_id), _reading_switched_off(user_id))


def removed(user_id: int, *, created_by: datetime, since: datetime, until: datetime) -> set[str]:
    """The permanent methods of which an authenticator of the user, added by ``created_by``, was
    removed between ``since`` and ``until``. One query."""
    when = {"created_at__lte": created_by, "revoked_at__range": (since, until)}
    first, *rest = (
        method.model.objects.filter(user_id=user_id, **when)
        .order_by()
        .values_list(Value(method.code))
        for method in METHODS
        if method.permanent
    )
    return {code for (code,) in first.union(*rest)}


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
def _held_by_user(user_id: int) -> QuerySet:
    first, *rest = (_held(method, user_id) for method in METHODS)
    return first.union(*rest, all=True)


def _held(method: Method, user_id: int) -> QuerySet:
    model = method.model
    number = F("phone__number") if model is Sms.model else Value("")
    found = model.objects.filter(user_id=user_id, revoked_at=None).order_by()
    return found.annotate(
        method=Value(method.code),
        number=Cast(number, CharField()),
        is_disabled=Case(
            When(model.disabled(), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
    ).values_list(
        *("pk", "method", "name", "number", "confirmed", "is_disabled"),
        *("created_at", "last_used_at", "failures"),
    )


@prepared
def _disabled_of_user(user_id: int) -> QuerySet:
    first, *rest = (_disabled(method, user_id) for method in METHODS if method.permanent)
    return first.union(*rest)


def _disabled(method: Method, user_id: int) -> QuerySet:
    model = method.model
    off = model.objects.filter(model.disabled(), user_id=user_id, confirmed=True, revoked_at=None)
    return off.order_by().values_list(Value(method.code))


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
    for name in _LIMITED:
        if name not in found.query.annotations:
            # Typed, or a union of methods would take it for text.
            found = found.annotate(**{name: Cast(Value(None), DateTimeField())})
    return found.values_list(*_COLUMNS)
