"""What an alert says of its entry, in the reader's language and time zone."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import ua_parser
from django.conf import settings
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
        "left": entry.detail.get("left"),
        "card": entry.detail.get("card", ""),
        "in_use_from": _day(entry.detail.get("in_use_from", "")),
        "entry_reference": reference(entry),
        "new_sim_hours": settings.SIM_SWAP_HOURS,
    }


def _day(iso: str) -> str:
    # Translators: a date format of Django, such as "Y年n月j日" in Japanese.
    return date_format(date.fromisoformat(iso), _("j F Y")) if iso else ""


def when(at: datetime, zone: str) -> str:
    """Date, time and zone; an unknown zone is told in UTC."""
    try:
        local = at.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        local, zone = at.astimezone(ZoneInfo("UTC")), "UTC"
    shown = zone.rpartition("/")[2].replace("_", " ")
    return f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname()} ({shown})"


# Some names that the parser gives are pieces of the header itself: a stranger who types wrong
# passwords would write a sentence into our mail. Only names that stand here are told.
BROWSERS = frozenset(
    {
        "Android",
        "Chrome",
        "Chrome Mobile",
        "Chrome Mobile WebView",
        "Chrome Mobile iOS",
        "Chromium",
        "DuckDuckGo Mobile",
        "Edge",
        "Edge Mobile",
        "Firefox",
        "Firefox Mobile",
        "Firefox iOS",
        "HeadlessChrome",
        "IE",
        "Mobile Safari",
        "Mobile Safari UI/WKWebView",
        "Opera",
        "Opera Mobile",
        "Safari",
        "Samsung Internet",
        "UC Browser",
        "Vivaldi",
        "Yandex Browser",
        "curl",
    }
)
SYSTEMS = frozenset(
    {
        "Android",
        "Chrome OS",
        "Debian",
        "Fedora",
        "FreeBSD",
        "HarmonyOS",
        "Linux",
        "Mac OS X",
        "OpenBSD",
        "Ubuntu",
        "Windows",
        "iOS",
    }
)


def device_in_words(agent: str) -> str:
    """The browser and system of a ``User-Agent`` in words, "" when it does not say.

    Nothing of the header itself is in it: whoever sends it chooses it.
    """
    if not agent:
        return ""
    browser = _among(BROWSERS, ua_parser.parse(agent).user_agent)
    system = system_in_words(agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("an unknown program")


def system_in_words(agent: str) -> str:
    """The system of a ``User-Agent``, "" when it does not say."""
    return _among(SYSTEMS, ua_parser.parse(agent).os) if agent else ""


def _among(names: Collection[str], seen: Any) -> str:
    return seen.family if seen and seen.family in names else ""


def method(code: str) -> str:
    """A second factor in words; the rooms that know it lie above."""
    return {
        "sms": _("text message or voice call"),
        "authenticator_app": _("authenticator app"),
        "passkey": _("passkey"),
        "backup_codes": _("backup codes"),
        "dsc_plus": _("security card"),
    }.get(code, code)


def reference(entry: Entry) -> str:
    """What support finds the entry by: its number and the start of its digest."""
    return f"{entry.number}-{entry.digest[:6].upper()}"
