"""Typed readers of the environment; an odd value stops the start with one line that names it.

Each setting ``NAME`` may also stand in a file whose path is in ``NAME_FILE`` (the way secrets are
mounted). An empty value counts as absent. Readers raise ``BadSetting`` and never guess.
"""

import ipaddress
import os
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

_DURATION = re.compile(r"(\d+)\s*(s|m|h|d)?")
_SECONDS = {None: 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_RATE = re.compile(r"([A-Z]{3})=([0-9]{1,6}(?:\.[0-9]{1,8})?)")
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
_UNLIMITED = "unlimited"


class BadSetting(ImproperlyConfigured):
    """A setting holds a value that cannot be meant; the message is one line and names it."""


def raw(name: str) -> str | None:
    """The value or the content of its file; None when neither is there."""
    value = os.environ.get(name, "").strip()
    path = os.environ.get(f"{name}_FILE", "").strip()
    if value and path:
        raise BadSetting(f"{name} and {name}_FILE are both set; keep one.")
    if path:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not text"
            raise BadSetting(f"{name}_FILE cannot be read: {path}: {reason}.") from None
        if not value:
            raise BadSetting(f"{name}_FILE is empty: {path}.")
    return value or None


def text(name: str, default: str = "", *, pattern: str | None = None) -> str:
    """The value as it stands; ``pattern`` must match all of it."""
    value = raw(name)
    if value is None:
        return default
    if pattern and not re.fullmatch(pattern, value):
        # The value may be a secret: only its name is told.
        raise BadSetting(f"{name} does not have the form {pattern}.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """1, true, yes, on or 0, false, no, off."""
    value = raw(name)
    if value is None:
        return default
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise BadSetting(f"{name} is neither yes nor no: {value!r}.")


def number(
    name: str, default: int | None = None, *, least: int = 0, most: int = 10**9
) -> int | None:
    """A whole number between ``least`` and ``most``."""
    value = raw(name)
    if value is None:
        return default
    # int() would also take "1_000", "+5" and digits of other scripts.
    if not re.fullmatch(r"-?[0-9]{1,18}", value) or not least <= int(value) <= most:
        raise BadSetting(f"{name} is not a whole number from {least} to {most}: {value!r}.")
    return int(value)


def duration(name: str, default: int, *, least: int = 0, most: int = 400 * 86400) -> int:
    """Seconds; accepts ``90``, ``90s``, ``15m``, ``12h``, ``2d``."""
    value = raw(name)
    if value is None:
        return default
    match = _DURATION.fullmatch(value)
    seconds = int(match[1]) * _SECONDS[match[2]] if match else -1
    if not least <= seconds <= most:
        raise BadSetting(f"{name} is not a time from {least} to {most} seconds: {value!r}.")
    return seconds


def allowance(name: str, default: tuple[int | None, int | None]) -> tuple[int | None, int | None]:
    """Two whole amounts, the second not below the first; ``unlimited`` for one or both is None."""
    value = raw(name)
    if value is None:
        return default
    words = parts(value)
    words *= 2 if words == [_UNLIMITED] else 1
    if len(words) != 2 or not all(re.fullmatch(rf"[0-9]{{1,12}}|{_UNLIMITED}", w) for w in words):
        raise BadSetting(f"{name} is not two amounts, or {_UNLIMITED}: {value!r}.")
    day, more_days = (None if word == _UNLIMITED else int(word) for word in words)
    if more_days is not None and (day is None or day > more_days):
        raise BadSetting(f"{name} allows more in one day than in several: {value!r}.")
    return day, more_days


def choice(name: str, default: str, options: Iterable[str]) -> str:
    """One of ``options``."""
    options = tuple(options)
    value = raw(name) or default
    if value not in options:
        raise BadSetting(f"{name} is none of {', '.join(options)}: {value!r}.")
    return value


def parts(value: str) -> list[str]:
    """What stands between commas and blanks."""
    return [entry for entry in re.split(r"[,\s]+", value) if entry]


def words(name: str, default: Iterable[str] = (), *, pattern: str | None = None) -> list[str]:
    """A list parted by commas or blanks; ``pattern`` must match each entry."""
    value = raw(name)
    if value is None:
        return list(default)
    entries = parts(value)
    if pattern and not all(re.fullmatch(pattern, entry) for entry in entries):
        raise BadSetting(f"{name} has an entry that does not have the form {pattern}.")
    return entries


def networks(name: str, default: Iterable[str]) -> list[str]:
    """Addresses and CIDR networks without host bits, IPv4 and IPv6."""
    entries = words(name, default)
    for entry in entries:
        try:
            ipaddress.ip_network(entry)
        except ValueError:
            raise BadSetting(f"{name} has an entry that is no network: {entry!r}.") from None
    return entries


def url(name: str, default: str = "", *, schemes: Iterable[str] = ("https", "http")) -> str:
    """An address of one of ``schemes`` (its value may hold a password and is never echoed)."""
    value = raw(name) or default
    if value:
        address(name, value, schemes=schemes)
    return value


def address(name: str, value: str, *, schemes: Iterable[str]) -> SplitResult:
    """The parts of ``value``, a bad scheme or port refused under the setting's ``name``."""
    schemes = tuple(schemes)
    try:
        found = urlsplit(value)
        found.port  # noqa: B018  (reading it is the check)
    except ValueError:
        raise BadSetting(f"{name} is not an address.") from None
    if found.scheme not in schemes:
        raise BadSetting(f"{name} does not begin with {' or '.join(f'{s}:' for s in schemes)}.")
    if not found.netloc and not found.path:
        raise BadSetting(f"{name} names no place.")
    return found


def origin(name: str, default: str) -> str:
    """``scheme://host[:port]`` and nothing behind it; "" when there is none."""
    value = url(name, default).rstrip("/")
    if value and not re.fullmatch(r"https?://[^/?#@\s]+", value):
        raise BadSetting(f"{name} is not of the form https://host or https://host:port.")
    return value


def rates(name: str, default: Mapping[str, str]) -> dict[str, Decimal]:
    """What a unit of each currency is worth, as ``EUR=1.08,JPY=0.0067``; each above zero."""
    entries = words(name, [f"{code}={rate}" for code, rate in default.items()])
    found: dict[str, Decimal] = {}
    for entry in entries:
        match = _RATE.fullmatch(entry)
        if not match or match[1] in found or not Decimal(match[2]):
            raise BadSetting(f"{name} is not a list such as EUR=1.08: {entry!r}.")
        found[match[1]] = Decimal(match[2])
    return found
