"""The end of an authenticator, and of text messages as a way to sign in."""

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import SYSTEM, Origin
from accounts.sessions import services as sessions
from accounts.sessions.models import End
from accounts.users.models import User
from sls.devices import listing, rules
from sls.devices.models import Replacement
from sls.devices.rules import Refusal
from sls.methods import registry
from sls.methods.device import Authenticator, row_id
from sls.methods.sms.models import PhoneDevice
from sls.policy import services as policy
from sls.policy.rules import Standing


def refusal(device: Authenticator) -> Refusal | None:
    """Why ``device`` has to stay, as things stand. Two queries; removing it decides anew."""
    return _refusal(device, policy.standing(policy.read(device.user_id)))


def _refusal(device: Authenticator, demanded: Standing) -> Refusal | None:
    # A policy demands a phishing-resistant one, or nothing.
    return rules.refusal_to_remove(
        listing.standings(device.user_id),
        device.persistent_id,
        resistant_only=demanded.least > 0,
    )


def remove(*, device: Authenticator, proven_by: str, origin: Origin) -> Refusal | None:
    """Revokes ``device`` for good. Returns None when it is gone.

    Decided under the lock of the user's row: two removals at once cannot take the last two.
    Sessions that it proved end. The present one goes on if another authenticator, ``proven_by`` (a
    persistent id), has just proven the removal; it stands on that one from now on.
    """
    method = listing.method_of(device)
    with transaction.atomic():
        user = policy.lock(device.user_id)
        held = {one.pk: one for one in listing.of_method(method, user.pk)}
        if device.pk not in held:
            return Refusal.GONE
        if why := _refusal(device, policy.standing(user)):
            return why
        _hand_over(device, proven_by, user=user, origin=origin)
        method.revoke(held[device.pk], user=user, origin=origin, why="removed")
    return None


def _hand_over(device: Authenticator, proven_by: str, *, user: User, origin: Origin) -> None:
    old = device.persistent_id
    heirs = [row for row in registry.devices(user.pk) if row.id == proven_by != old]
    for heir in heirs:
        sessions.hand_over(session=origin.session, old=old, device=heir.id, method=heir.method)


def finish_replacement(*, new: str, entry: Entry, session: str) -> None:
    """``new`` (a persistent id) was confirmed by ``entry``: what it stands in for ends with it.

    The caller is in the transaction that confirms it and holds the user's lock.
    """
    found = Replacement.objects.filter(user=entry.user, new=new).first()
    if found is None:
        return
    method = registry.get(entry.detail["method"])
    mine = listing.of_method(method, entry.user_id)
    old = next((one for one in mine if one.persistent_id == found.old), None)
    found.delete()
    if old is None:
        return
    origin = audit.origin_of(entry, session=session)
    type(old).objects.filter(pk=row_id(new)).update(position=old.position)
    sessions.hand_over(session=session, old=found.old, device=new, method=method.code)
    method.revoke(old, user=entry.user, origin=origin, why="replaced")


def switch_off_sms(*, user_id: int, proven_by: str, origin: Origin) -> Refusal | None:
    """Text messages and calls open nothing any more. Returns None when that is so.

    The number stays on file. Sessions go on or end as when an authenticator is removed.
    """
    with transaction.atomic():
        user = audit.lock(user_id)
        device = _telephone(user_id)
        if device is None:
            return Refusal.GONE
        if device.switched_off_at is not None:
            return None
        if why := rules.refusal_to_switch_off(listing.standings(user_id)):
            return why
        _hand_over(device, proven_by, user=user, origin=origin)
        _switch(device, off=True, user=user, origin=origin)
        sessions.close_all(user=user, why=End.REVOKED, origin=SYSTEM, device=device.persistent_id)
    return None


def switch_on_sms(*, user_id: int, origin: Origin) -> Refusal | None:
    """The primary number takes security codes for signing in again."""
    with transaction.atomic():
        user = audit.lock(user_id)
        device = _telephone(user_id)
        if device is None:
            return Refusal.GONE
        if device.switched_off_at is not None:
            _switch(device, off=False, user=user, origin=origin)
    return None


def _telephone(user_id: int) -> PhoneDevice | None:
    rows = PhoneDevice.objects.filter(user_id=user_id, confirmed=True, revoked_at=None)
    return rows.select_related("phone").first()


def _switch(device: PhoneDevice, *, off: bool, user: User, origin: Origin) -> None:
    device.switched_off_at = timezone.now() if off else None
    device.save(update_fields=["switched_off_at"])
    event = Event.SMS_SWITCHED_OFF if off else Event.SMS_SWITCHED_ON
    audit.record(event, user=user, origin=origin, detail={"phone": device.phone.masked})
