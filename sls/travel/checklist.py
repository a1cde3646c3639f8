"""What to check before a journey: what can be checked is, with its result; the rest is advice."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts import places
from accounts.ip_restrictions import door
from accounts.ip_restrictions.models import Platform, Restriction
from accounts.users.models import User
from sls.methods import registry
from sls.methods.protocol import DeviceRow
from sls.travel.models import Notice

FRESH = timedelta(days=30)  # since when an authenticator should have worked once
OFFLINE = ("dsc_plus", "authenticator_app", "backup_codes")  # work without any network
SPARE = 2  # one of them is the backup


@dataclass(frozen=True, slots=True)
class Check:
    """A line: what is checked, how it stands (``tone`` and ``state``), why, and what to do."""

    label: str
    tone: str
    state: str
    text: str
    url: str = ""
    action: str = ""


def checks(notice: Notice, held: Sequence[DeviceRow], *, user: User) -> list[Check]:
    """``held`` are the authenticators of the ``user``. One query at most."""
    now, along = timezone.now(), [row for row in held if row.id in notice.devices]
    return [
        _backup(along),
        *(_works(row, now) for row in along),
        _offline(along),
        _addresses(notice, user),
    ]


def _backup(along: Sequence[DeviceRow]) -> Check:
    label = _("A second way to sign in")
    if len(along) >= SPARE:
        text = _("If one is lost or stolen, another goes along. Carry them apart.")
        return Check(label, "good", _("Ready"), text)
    text = _("Take at least two along, so that a lost telephone does not shut you out.")
    return Check(label, "warning", _("Missing"), text, reverse("devices"), _("Add"))


def _works(row: DeviceRow, now: datetime) -> Check:
    label = registry.label(row)
    if row.method == "backup_codes":
        # To try a printed code would use it up.
        text = _("Printed codes cannot be tried: each is good once. Pack the sheet.")
        url = reverse("devices")
        return Check(label, "notice", _("Look yourself"), text, url, _("See how many are left"))
    url = reverse("device_test", args=[row.method, row.id.rpartition("/")[2]])
    if row.last_used_at is None:
        return Check(label, "warning", _("Never tried"), _("Try it at home."), url, _("Test"))
    # Translators: a date format of Django, such as "Y年n月j日" in Japanese.
    day = date_format(localtime(row.last_used_at), _("j F Y"))
    text = _("It last worked on %(day)s.") % {"day": day}
    if now - row.last_used_at <= FRESH:
        return Check(label, "good", _("Works"), text, url, _("Test"))
    return Check(label, "warning", _("Not tried lately"), text, url, _("Test"))


def _offline(along: Sequence[DeviceRow]) -> Check:
    label = _("A code without a network")
    if held := [row for row in along if row.method in OFFLINE]:
        names = ", ".join(dict.fromkeys(registry.label(row) for row in held))
        text = _("Works in a plane and without roaming: %(names)s.") % {"names": names}
        return Check(label, "good", _("Ready"), text)
    text = _(
        "Text messages need a mobile network. An authenticator app, a security card or printed "
        "backup codes do not."
    )
    return Check(label, "warning", _("Missing"), text, reverse("devices"), _("Add"))


def _addresses(notice: Notice, user: User) -> Check:
    """Whether the list of addresses would keep the traveller out."""
    label, url, action = _("IP restrictions"), reverse("ip_restrictions"), _("See")
    listed = Restriction.objects.filter(user=user).listed() if user.restrictions else ()
    on_web = [row for row in listed if row.platform in (Platform.ALL, Platform.WEB)]
    networks = [row.network for row in on_web if row.network]
    if not on_web:
        text = _("You have no list of addresses, so none can keep you out.")
        return Check(label, "good", _("No conflict"), text)
    if not networks:
        text = _("The portal opens only in the browsers on your list. Take one of them along.")
        return Check(label, "notice", _("Please note"), text, url, action)
    if any(places.country(_first(one)) in notice.codes for one in networks):
        text = _("An address on your list is in a country of this journey. You get in from there.")
        return Check(label, "notice", _("Please note"), text, url, action)
    only = _("Your list lets you in from no address in these countries.")
    if_shut = (
        _("The emergency door is on: password, strongest second factor and a code by e-mail.")
        if door.standing(user).works
        else _("The emergency door is off.")
    )
    return Check(label, "warning", _("Conflict"), f"{only} {if_shut}", url, _("Change"))


def _first(network: str) -> str:
    return str(ipaddress.ip_network(network, strict=False).network_address)


def advice() -> list[str]:
    """What nobody but the traveller can check."""
    return [
        _("Ask your mobile provider about coverage and roaming where you go."),
        _("Take a charger and a power bank. An empty telephone proves nothing."),
        _("Use no public Wi-Fi without a VPN that you trust. Mobile data is safer."),
        _("Carry the security card or the printed codes apart from the telephone."),
        _("Write down our telephone number. If something is stolen, stop everything first."),
    ]
