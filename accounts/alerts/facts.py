"""What an alert says of its entry, in the reader's language and time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import ua_parser
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.audit.models import Entry


def of(entry: Entry, *, name: str) -> dict:
    """Words for the templates under ``messages/<name>/``, in the language that is active."""
    return {
        "what": f"messages/{name}/what.txt",
        "name": entry.user.name,
        "username": entry.user.username,
        "when": when(entry.at, entry.user.zone),
        "address": entry.origin.get("address", ""),
        "device": device_in_words(entry.origin.get("agent", "")),
        "method": method(entry.detail.get("method", "")),
        "contact": entry.detail.get("phone") or entry.detail.get("email") or "",
        "entry_reference": reference(entry),
    }


def when(at: datetime, zone: str) -> str:
    """Date, time and zone; an unknown zone is told in UTC."""
    try:
        local = at.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        local, zone = at.astimezone(ZoneInfo("UTC")), "UTC"
    shown = zone.rpartition("/")[2].replace("_", " ")
    return f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname()} ({shown})"


def device_in_words(agent: str) -> str:
    """The browser and system of a ``User-Agent`` in words, "" when it does not say."""
    if not agent:
        return ""
    seen = ua_parser.parse(agent)
    browser = seen.user_agent.family if seen.user_agent else ""
    system = seen.os.family if seen.os else ""
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("an unknown program")


def method(code: str) -> str:
    """A second factor in words; the rooms that know it lie above."""
    return {
        "sms": _("text message or voice call"),
        "authenticator_app": _("authenticator app"),
    }.get(code, code)


def reference(entry: Entry) -> str:
    """What support finds the entry by: its number and the start of its digest."""
    return f"{entry.number}-{entry.digest[:6].upper()}"
