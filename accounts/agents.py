"""Browsers and systems in words, from a ``User-Agent``; nothing of the header itself is in them."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

import ua_parser
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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

# Programs of ours, by the first word of what they say of themselves (``sls.login.platforms``).
PROGRAMS: dict[str, str | Promise] = {
    "tws": "Trader Workstation",
    "webtrader": "WebTrader",
    "mobile_ios": gettext_lazy("Mobile app (iOS)"),
    "mobile_android": gettext_lazy("Mobile app (Android)"),
    "api": "API",
}
HANDHELD = frozenset({"Android", "HarmonyOS", "iOS"})

# The first versions that are still mended, and that know what the pages are made of. To be raised
# once a year.
OLDEST_BROWSERS = {
    "Android": 200,
    "Chrome": 123,
    "Chrome Mobile": 123,
    "Chromium": 123,
    "Edge": 123,
    "Edge Mobile": 123,
    "Firefox": 128,
    "Firefox Mobile": 128,
    "IE": 200,
    "Mobile Safari": 17,
    "Opera": 109,
    "Safari": 17,
    "Samsung Internet": 27,
}
OLD_SYSTEMS = {"Windows": {"XP", "Vista", "7", "8", "8.1"}}


def in_words(agent: str) -> str:
    """The browser and system of a ``User-Agent`` in words, "" when it does not say.

    Nothing of the header itself is in it: whoever sends it chooses it.
    """
    if not agent:
        return ""
    ours = PROGRAMS.get(agent.partition(" ")[0])
    if ours:
        return str(ours)
    browser = _among(BROWSERS, ua_parser.parse(agent).user_agent)
    system = system_in_words(agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("an unknown program")


def device_in_words(agent: str) -> str:
    """``in_words``, and for a program of ours the name that its owner gave the device: only for
    those who are signed in, because whoever signs in chooses it."""
    words, name = in_words(agent), agent.partition(" (")[2].removesuffix(")")
    is_ours = agent.partition(" ")[0] in PROGRAMS
    return f"{words} – {name}" if is_ours and name else words


def system_in_words(agent: str) -> str:
    """The system of a ``User-Agent``, "" when it does not say."""
    return _among(SYSTEMS, ua_parser.parse(agent).os) if agent else ""


@lru_cache(maxsize=1024)
def is_handheld(agent: str) -> bool:
    """Whether a telephone or tablet says so; only for its drawing."""
    return agent.startswith("mobile_") or system_in_words(agent) in HANDHELD


def _among(names: Collection[str], seen: Any) -> str:
    return seen.family if seen and seen.family in names else ""


@lru_cache(maxsize=1024)
def is_outdated(agent: str) -> bool:
    """Whether the browser or its system is too old to be mended any more; False for unknown ones.

    Advice only: whoever sends the header chooses it.
    """
    if not agent:
        return False
    seen = ua_parser.parse(agent)
    if seen.os and seen.os.major in OLD_SYSTEMS.get(seen.os.family, ()):
        return True
    browser = seen.user_agent
    oldest = OLDEST_BROWSERS.get(browser.family) if browser else None
    return oldest is not None and (browser.major or "").isdigit() and int(browser.major) < oldest
