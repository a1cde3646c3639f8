"""How a telephone becomes the authenticator of a user.

It proves the user first: by name and password and a code (or the response of a security card), or
by a session ID that the portal showed to somebody who is signed in. Then it hands over its public
key and is given its secret, pending. It takes the place of the phone before only when it has
answered a question with that secret, so that an answer lost on the way leaves nothing half done.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import gathered, places
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.models import Challenge
from accounts.contacts.reached import trusted_phones
from accounts.freeze.services import is_frozen
from accounts.ip_restrictions import deciding as addresses
from accounts.lockout import services as lockout
from accounts.lockout.rules import may_authenticate
from accounts.origin import Origin, digest
from accounts.outbox import endpoints
from accounts.passwords.proof import Proof, prove
from accounts.prepared import prepared
from accounts.users.models import User
from sls.algorithms.risk import Risk
from sls.methods.device import end, record_enrolled
from sls.methods.ib_key import pushes, rules
from sls.methods.ib_key.models import IbKeyDevice, PhoneActivation
from sls.methods.ib_key.rules import Element
from sls.methods.protocol import DeviceRow

CODE = "ib_key"
LABEL = _("IB Key")
STRONGER = frozenset({"passkey", "authenticator_app"})
STRONGER_OR_CARD = STRONGER | {"dsc_plus"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A way that was begun: ``token`` finds it again. ``activation`` is None where it is refused,
    for whatever cause; ``unusual`` says that the portal may still let it begin. ``proof`` tells how
    long the password took; ``held`` and ``lost`` are what ``registry.standing`` found."""

    proof: Proof | None = None
    activation: PhoneActivation | None = None
    token: str = ""
    unusual: bool = False
    held: Sequence[DeviceRow] = ()
    lost: Collection[str] = frozenset()


class Weigh(Protocol):
    """Locks the user as ``_lock`` does, and says how unusual it is that somebody with the right
    password comes from ``origin``."""

    def __call__(self, user: User, *, proof: Proof, origin: Origin) -> tuple[User, Risk]: ...


# One: that of the sign-in, which lies above. Set where the rooms are wired.
weighing: list[Weigh] = []
type Standing = Callable[[int], tuple[Sequence[DeviceRow], Collection[str]]]


def session_for(*, user_id: int, origin: Origin) -> str:
    """A session ID for somebody who is signed in and proved it again; good for one phone.

    It is 8 letters and digits, and takes the place of the one shown before.
    """
    session_id = "".join(secrets.choice(rules.SESSION_SIGNS) for _n in range(rules.SESSION_LENGTH))
    life = timedelta(seconds=settings.IB_KEY_SESSION_LIFE)
    with transaction.atomic():
        user, now = audit.lock(user_id), timezone.now()
        shown = PhoneActivation.objects.filter(user=user, from_portal=True, claimed_at=None)
        shown.update(ended_at=now)
        PhoneActivation.objects.create(
            digest=digest(session_id),
            user=user,
            from_portal=True,
            created_at=now,
            expires_at=now + life,
        )
        audit.record(Event.IB_KEY_INVITED, user=user, origin=origin)
    return session_id


def claim(session_id: str, *, origin: Origin) -> Opened:
    """A phone has read a session ID. Each opens one way, once."""
    now = timezone.now()
    shown = PhoneActivation.objects.filter(
        digest=digest(session_id.strip().upper()), from_portal=True, ended_at=None
    )
    user_id = shown.values_list("user_id", flat=True).first()
    if user_id is None:
        return Opened()
    with transaction.atomic():
        # The user's row first, as everywhere: showing another session ID ends this one.
        user = _lock(User.objects.get(pk=user_id))
        if not shown.filter(claimed_at=None, expires_at__gt=now).update(claimed_at=now):
            return Opened()
        if not _may_enter(user, origin):
            return Opened()
        return _open(user, now, proven=True)


def begin(*, username: str, password: str, origin: Origin, standing: Standing) -> Opened:
    """Name and password, counted as at the sign-in, and weighed as there: what is too unusual for
    what proves it on the phone is stopped, and the owner hears of that. ``standing`` is that of the
    registry. Raises what ``proof.prove`` raises."""
    user = User.objects.by_name(username)
    proof = prove(name=username, user=user, password=password, origin=origin, at=CODE)
    if not proof.right:
        return Opened(proof)
    with transaction.atomic():
        [weigh] = weighing
        (row, risk), now = weigh(user, proof=proof, origin=origin), timezone.now()
        if row.password != user.password or not _may_enter(row, origin):
            return Opened(proof)
        held, lost = standing(row.pk)
        if not rules.is_enough(risk.level, own=bool(_cards(held))):
            _record_stop(risk, user=row, origin=origin)
            return Opened(proof, unusual=True)
        opened = _open(row, now, proven=False)
    return replace(opened, proof=proof, held=held, lost=lost)


def _record_stop(risk: Risk, *, user: User, origin: Origin) -> None:
    detail = {
        "why": "unusual",
        "at": CODE,
        "unusual": list(risk.signals),
        "country": places.country(origin.address),
    }
    audit.record(Event.SIGN_IN_STOPPED, user=user, origin=origin, detail=detail)


def _lock(user: User) -> User:
    """``audit.lock``, and what the counter of wrong passwords holds."""
    return _locked.one(user_id=user.pk, key=lockout.key_of(user.username))


@prepared
def _locked(user_id: int, key: str) -> QuerySet[User]:
    people = User.objects.select_for_update(no_key=True).annotate(**lockout.counted(key))
    return people.filter(pk=user_id)


def lock_asked(activation: PhoneActivation) -> tuple[User, Challenge]:
    """The same, and the challenge that the way asks, locked after the user; how the way itself
    stands is read under these locks. One query. Raises ``PhoneActivation.DoesNotExist`` where it
    asks another one by now."""
    key = lockout.key_of(activation.user.username)
    row = _locked_asking.one(digest=activation.pk, challenge_id=activation.challenge_id, key=key)
    activation.ended_at, activation.proven_at = row.ended_at, row.proven_at
    return _counted(row.user, row), row.challenge


@prepared
def _locked_asking(digest: str, challenge_id: UUID, key: str) -> QuerySet[PhoneActivation]:
    # A challenge that is there: rows that may be missing cannot be locked.
    asking = PhoneActivation.objects.filter(
        pk=digest, challenge_id=challenge_id, challenge__created_at__isnull=False
    )
    ways = asking.annotate(**lockout.counted(key)).select_related("user", "challenge")
    # In this order, as everywhere.
    return ways.select_for_update(no_key=True, of=("user", "challenge", "self"))


def _counted(user: User, row: Any) -> User:
    """``user``, with what was read of the counter along with ``row``."""
    user.wrong_passwords, user.wrong_password_at = row.wrong_passwords, row.wrong_password_at
    return user


def lock_phones(user: User) -> tuple[User | None, list[IbKeyDevice]]:
    """The same, and the phones that were not revoked, active or pending, locked after the user.
    Nobody and none where there is no phone. One query."""
    phones = _locked_phones(user_id=user.pk, key=lockout.key_of(user.username))
    if not phones:
        return None, []
    # Each row came with the user; what is recorded moves the chain of one of them.
    row = _counted(phones[0].user, phones[0])
    for phone in phones:
        phone.user = row
    return row, phones


@prepared
def _locked_phones(user_id: int, key: str) -> QuerySet[IbKeyDevice]:
    phones = IbKeyDevice.objects.filter(user_id=user_id, revoked_at=None).select_related("user")
    # In this order: the user's row comes first everywhere.
    return phones.annotate(**lockout.counted(key)).select_for_update(
        no_key=True, of=("user", "self")
    )


def _may_enter(user: User, origin: Origin) -> bool:
    """``user`` is from one of the locks above."""
    bar = may_authenticate(
        active=user.is_active, frozen=is_frozen(user), locked=lockout.is_locked(user)
    )
    if user.password_demanded_at is not None:
        return False  # somebody else may know what it begins with
    is_client = user.activated_at is not None and not user.is_staff
    return bar is None and is_client and addresses.decide(user=user, origin=origin).is_let_in


def _open(user: User, now: datetime, *, proven: bool) -> Opened:
    token = secrets.token_urlsafe(32)
    activation = PhoneActivation.objects.create(
        digest=digest(token),
        user=user,
        created_at=now,
        expires_at=now + timedelta(seconds=settings.IB_KEY_ACTIVATION_LIFE),
        proven_at=now if proven else None,
    )
    return Opened(None, activation, token)


def find(token: str) -> PhoneActivation | None:
    """The way of this token while it is open. One query."""
    return (
        PhoneActivation.objects.select_related("user", "challenge")
        .filter(
            digest=digest(token), from_portal=False, ended_at=None, expires_at__gt=timezone.now()
        )
        .first()
    )


def put(activation: PhoneActivation, challenge: Challenge) -> None:
    """What has to be answered; the caller holds the user's lock."""
    activation.challenge = challenge
    gathered.change(activation, "challenge")


def prove_by(activation: PhoneActivation) -> None:
    """The answer was right; finishing may be repeated until the way ends. The caller holds the
    user's lock."""
    activation.proven_at = timezone.now()
    gathered.change(activation, "proven_at")


@dataclass(frozen=True, slots=True)
class Given:
    """A pending authenticator and its ``secret``, which is told this once."""

    device: IbKeyDevice
    secret: bytes


@dataclass(frozen=True, slots=True)
class Offer:
    """What a phone says of itself; ``pin`` is None behind biometrics."""

    public_key: bytes
    element: Element
    pin: str | None
    instance: str
    name: str
    platform: str


def give(activation: PhoneActivation, offer: Offer, *, origin: Origin) -> Given | None:
    """Makes the pending authenticator of a way that was proven before; see ``hand_over``."""
    with transaction.atomic():
        user = _lock(activation.user)
        activation.refresh_from_db(fields=["ended_at", "proven_at"])
        return hand_over(activation, offer, user=user, origin=origin)


def hand_over(
    activation: PhoneActivation, offer: Offer, *, user: User, origin: Origin
) -> Given | None:
    """Makes the pending authenticator of a proven way; what was pending before is replaced. None
    where the user may not sign in any more. ``user`` is locked by one of the locks above."""
    if activation.ended_at or not activation.proven_at or not _may_enter(user, origin):
        return None
    # No push was ever sent to one that is pending, so that nothing points to it.
    gathered.drop(_pending(user.pk))
    secret = secrets.token_bytes(rules.SECRET_BYTES)
    device = IbKeyDevice(
        user=user,
        name=offer.name,
        confirmed=False,
        instance=offer.instance,
        platform=offer.platform,
        element=offer.element,
        public_key=offer.public_key,
    )
    device.seal(secret=secret, pin=offer.pin)
    gathered.insert(device)
    return Given(device, secret)


def _pending(user_id: int) -> QuerySet[IbKeyDevice]:
    return IbKeyDevice.objects.filter(user_id=user_id, confirmed=False, revoked_at=None)


def abandon(*, user_id: int) -> None:
    """Ends every way of the user that was begun, session IDs that are shown and phones that have
    not confirmed among them. The caller holds the user's lock."""
    _end_ways(user_id, timezone.now())
    gathered.drop(_pending(user_id))


def confirm(device: IbKeyDevice, *, response: str, origin: Origin) -> bool | None:
    """The phone shows that it holds its secret, and takes the place of the one before.

    Returns whether there was one; None for a wrong response, or a device that is not pending.
    """
    with transaction.atomic():
        (user, phones), now = lock_phones(device.user), timezone.now()
        row = next((phone for phone in phones if phone.pk == device.pk), None)
        life = timedelta(seconds=settings.IB_KEY_ACTIVATION_LIFE)
        if user is None or row is None or now >= row.created_at + life:
            return None
        if not row.answers(rules.FIRST_QUESTION, response) or not _may_enter(user, origin):
            return None
        if row.confirmed:
            return False  # the same answer, sent again
        old = [phone for phone in phones if phone.confirmed]
        with audit.together(user):
            _replace(old, row, user=user, origin=origin)
            row.confirmed = True
            # After the old one, in a statement of its own: one phone is active at a time.
            gathered.change(row, "confirmed")
            _end_ways(user.pk, now)
            record_enrolled(row, method=CODE, user=user, origin=origin)
    return bool(old)


def _replace(
    old: Sequence[IbKeyDevice], successor: IbKeyDevice, *, user: User, origin: Origin
) -> None:
    for one in old:
        pushes.end_all(one, timezone.now())
        end_phone(one, user=user, origin=origin, why="replaced", successor=successor.persistent_id)


def _end_ways(user_id: int, now: datetime) -> None:
    begun = PhoneActivation.objects.filter(user_id=user_id, ended_at=None)
    gathered.end(begun, kind="ended", ended_at=now)


def end_phone(
    device: IbKeyDevice, *, user: User, origin: Origin, why: str, successor: str = ""
) -> None:
    """Takes everything from a phone that was given to it. The caller holds the user's lock."""
    cleared = {"secret": None, "pin": None, "endpoint": None}
    endpoint = device.endpoint_id
    with gathered.gathering():
        end(device, method=CODE, user=user, origin=origin, why=why, successor=successor, **cleared)
        endpoints.drop(endpoint)


def proving(rows: Sequence[DeviceRow], *, user_id: int, lost: Collection[str]) -> list[DeviceRow]:
    """Of a user's authenticators those that may prove an activation: the card, else numbers;
    ``rows`` and ``lost`` are those of ``registry.standing``.

    Whoever took over a telephone number must not make that last: who holds an authenticator app or
    a passkey proves by that, in the portal, and is shown a session ID there. That goes for one that
    wrong codes have exhausted (``lost``) as well. Nor does a number prove it that is new or has a
    new SIM card (NIST SP 800-63B-4, 3.1.3.3). One query at most.
    """
    if cards := _cards(rows):
        return cards
    if any(row.method in STRONGER for row in rows) or not STRONGER_OR_CARD.isdisjoint(lost):
        return []
    texts = [row for row in rows if row.method == "sms"]
    trusted = {phone.number for phone in trusted_phones(user_id)} if texts else set()
    return [replace(row, sensitive=True) for row in texts if row.destination in trusted]


def _cards(rows: Sequence[DeviceRow]) -> list[DeviceRow]:
    return [row for row in rows if row.method == "dsc_plus"]


def purge() -> int:
    """Deletes ways that ended, and phones that never confirmed. Returns how many."""
    before = timezone.now() - timedelta(days=1)
    gone = PhoneActivation.objects.filter(expires_at__lt=before).delete()[0]
    pending = IbKeyDevice.objects.filter(confirmed=False, revoked_at=None, created_at__lt=before)
    return gone + pending.delete()[0]
