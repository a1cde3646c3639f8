"""Entries before they are in force: drafted, and dropped again. Nothing of it decides anything."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.ip_restrictions import networks, rules
from accounts.ip_restrictions.models import Platform, Restriction
from accounts.ip_restrictions.networks import Refused
from accounts.ip_restrictions.rules import Refusal, State
from accounts.origin import Origin
from accounts.sessions.models import KnownDevice
from accounts.users.models import User


def add_network(
    *, user: User, typed: str, label: str, platform: str, by: User, origin: Origin
) -> Restriction | Refusal | Refused:
    """Drafts an address or a network.

    Private ones are taken only from somebody who reaches the portal from a private network: it
    would never see one otherwise.
    """
    if platform not in Platform.values:
        return Refusal.PLATFORM
    network = networks.parse(typed, private=networks.is_private(origin.address))
    if isinstance(network, Refused):
        return network
    row = Restriction(platform=platform)
    row.put(network)
    return _add(row, user=user, label=label, by=by)


def add_browser(*, user: User, browser: int, label: str, by: User) -> Restriction | Refusal:
    """Drafts a browser that ``user`` has signed in with; it holds for the portal."""
    known = KnownDevice.objects.filter(user=user, pk=browser).first()
    if known is None:
        return Refusal.NO_BROWSER
    return _add(Restriction(platform=Platform.WEB, browser=known), user=user, label=label, by=by)


def _add(row: Restriction, *, user: User, label: str, by: User) -> Restriction | Refusal:
    row.label = " ".join(label.split())
    if len(row.label) > rules.LABEL_MAX or not row.label.isprintable():
        return Refusal.LABEL
    row.user, row.set_by, row.made_at = user, by, timezone.now()
    try:
        with transaction.atomic():
            audit.lock(user.pk)
            kept = Restriction.objects.filter(user=user).exclude(state=State.REMOVED).count()
            if kept >= settings.RESTRICTIONS_MAX:
                return Refusal.FULL
            row.save(force_insert=True)
    except IntegrityError:
        return Refusal.DUPLICATE
    return row


def drop(*, user: User, entry: int) -> bool:
    """Deletes a drafted entry; False when it is none."""
    drafted = Restriction.objects.filter(user=user, pk=entry, state=State.PENDING)
    return drafted.delete()[0] == 1
