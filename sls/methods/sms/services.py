from django.utils import timezone

from accounts import vault
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.contacts.models import PhoneNumber
from accounts.origin import Origin
from accounts.users.models import User
from sls.methods.device import end, record_enrolled, row_id
from sls.methods.protocol import DeviceRow
from sls.methods.sms.models import PhoneDevice

CODE = "sms"


def pending(*, user: User, phone: PhoneNumber) -> DeviceRow:
    """The authenticator of ``phone``, made if need be; it proves nothing before its first code.

    The caller holds the user's lock.
    """
    device = PhoneDevice.objects.filter(phone=phone, revoked_at=None).first()
    if device is None:
        device = PhoneDevice.objects.create(
            user=user,
            phone=phone,
            name=phone.masked,
            confirmed=False,
            number_index=vault.blind_index(phone.number, "phone"),
        )
    return DeviceRow(device.persistent_id, CODE, device.name, phone.number, phone.takes_sms, None)


def complete(*, user: User, device_id: str, origin: Origin) -> None:
    """After the first right code of a new client: the number is verified and primary."""
    device = PhoneDevice.objects.select_related("phone").get(pk=row_id(device_id), user=user)
    now = timezone.now()
    phone = device.phone
    phone.verified_at, phone.trusted_from, phone.primary = now, now, True
    phone.save(update_fields=["verified_at", "trusted_from", "primary"])
    audit.record(
        Event.PHONE_VERIFIED,
        user=user,
        origin=origin,
        detail={"phone": phone.masked},
        note={"phone": phone},
    )


def rebind(*, user: User, phone: PhoneNumber, origin: Origin) -> None:
    """Signing in moves to ``phone``: a new authenticator, not an edited one (NIST 3.1.3.3).

    Whoever does not sign in by SMS, or has switched that off, does not begin to. Failures do not
    vanish with the move: the new authenticator starts with the old one's count.
    """
    old = list(PhoneDevice.objects.filter(user=user, revoked_at=None).exclude(phone=phone))
    if not old:
        return
    new = PhoneDevice.objects.create(
        user=user,
        phone=phone,
        name=phone.masked,
        confirmed=True,
        number_index=vault.blind_index(phone.number, "phone"),
        failures=max(device.failures for device in old),
        disabled_at=max((d.disabled_at for d in old if d.disabled_at), default=None),
        switched_off_at=max((d.switched_off_at for d in old if d.switched_off_at), default=None),
    )
    for device in old:
        end(
            device,
            method=CODE,
            user=user,
            origin=origin,
            why="number_changed",
            successor=new.persistent_id,
            phone=None,
        )
    record_enrolled(new, method=CODE, user=user, origin=origin)
