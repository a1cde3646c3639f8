import secrets

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.models import Challenge, Purpose
from accounts.origin import Origin
from accounts.prepared import prepared
from accounts.users.models import User
from sls.methods import offline
from sls.methods.device import Authenticator, row_id
from sls.methods.passkey import ceremony, naming, reading
from sls.methods.passkey.ceremony import Answered, Made
from sls.methods.passkey.models import PasskeyDevice
from sls.methods.passkey.rules import Flaw
from sls.methods.protocol import DeviceRow

CODE = "passkey"
HANDLE_BYTES = 64
QUESTION_BYTES = 32


def question() -> str:
    """A new challenge in the sense of WebAuthn: 256 random bits, as base64url."""
    return secrets.token_urlsafe(QUESTION_BYTES)


def find(credential_id: str) -> PasskeyDevice | None:
    """The passkey of that credential, whoever's it is, if it can prove something now. One query."""
    return _of_credential.first(credential_id=credential_id)


@prepared
def _of_credential(credential_id: str) -> QuerySet[PasskeyDevice]:
    return PasskeyDevice.objects.filter(PasskeyDevice.live(), credential_id=credential_id)


def get(challenge: Challenge) -> PasskeyDevice:
    """The passkey that ``challenge`` is for. One query."""
    return _of_key.one(pk=row_id(challenge.device))


@prepared
def _of_key(pk: int) -> QuerySet[PasskeyDevice]:
    return PasskeyDevice.objects.filter(pk=pk)


def pending(user: User) -> PasskeyDevice:
    """The passkey that the user is about to make, in place of any that was begun and left.

    The caller holds the user's lock.
    """
    mine = PasskeyDevice.objects.filter(user=user)
    handle = mine.values_list("user_handle", flat=True).first()
    mine.filter(confirmed=False, revoked_at=None).delete()
    return PasskeyDevice.objects.create(
        user=user,
        name=_("Passkey"),
        confirmed=False,
        user_handle=handle or secrets.token_urlsafe(HANDLE_BYTES),
    )


def row_of(device: PasskeyDevice) -> DeviceRow:
    """The passkey as a challenge needs it."""
    return DeviceRow(device.persistent_id, CODE, device.name, "", False, device.last_used_at)


def open_challenge(
    device: DeviceRow, *, user: User, purpose: Purpose, bound_to: str, asked: str = ""
) -> Challenge:
    """Opens a challenge for a passkey; ``asked`` is its question, if that was put before.

    The caller holds the user's lock.
    """
    return offline.open_challenge(
        device,
        method=CODE,
        user=user,
        purpose=purpose,
        bound_to=bound_to,
        question=asked or question(),
    )


def made(challenge: Challenge, device: Authenticator, text: str) -> Made | Flaw:
    """What became of a registration. Both rows are locked."""
    credential = reading.registration(text)
    if credential is None:
        return Flaw.UNREADABLE
    found = ceremony.make(credential, challenge=challenge.question)
    if isinstance(found, Flaw):
        return found
    is_taken = PasskeyDevice.objects.filter(credential_id=found.credential_id).exists()
    return Flaw.TAKEN if device.confirmed or is_taken else found


def answered(challenge: Challenge, device: Authenticator, text: str) -> Answered | Flaw:
    """What became of an answer. Both rows are locked."""
    credential = reading.assertion(text)
    if credential is None:
        return Flaw.UNREADABLE
    return ceremony.answer(credential, device, challenge=challenge.question)


def keep(device: PasskeyDevice, found: Made | Answered, *, origin: Origin) -> tuple[str, ...]:
    """Puts what was found on the passkey; returns the fields to save."""
    device.sign_count, device.backup_state = found.sign_count, found.backup_state
    changed = ("sign_count", "backup_state")
    if isinstance(found, Answered):
        return changed
    device.credential_id, device.public_key = found.credential_id, found.public_key
    device.aaguid, device.transports = found.aaguid, found.transports
    device.backup_eligible = found.backup_eligible
    others = PasskeyDevice.objects.filter(user_id=device.user_id, revoked_at=None)
    device.name = naming.suggested(
        aaguid=found.aaguid,
        agent=origin.agent,
        at=timezone.now(),
        taken=set(others.exclude(pk=device.pk).values_list("name", flat=True)),
    )
    made = ("credential_id", "public_key", "aaguid", "transports", "backup_eligible", "name")
    return (*changed, *made)


def record_counter_back(challenge: Challenge, *, origin: Origin) -> None:
    """Tells the owner that a copy of a passkey may be in use."""
    with transaction.atomic():
        user = audit.lock(challenge.user_id)
        name = get(challenge).name
        audit.record(
            Event.COUNTER_BACK,
            user=user,
            origin=origin,
            detail={"method": CODE, "device": name},
            note={"device": challenge.device},
        )
