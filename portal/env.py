"""Typed readers of the environment; an odd value stops the start with one line that names it.

Each setting ``NAME`` may also stand in a file whose path is in ``NAME_FILE`` (the way secrets are
mounted). An empty value counts as absent. Readers raise ``BadSetting`` and never guess.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

_DURATION = re.compile(r"(\d+)\s*(s|m|h|d)?")
_SECONDS = {None: 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


class BadSetting(ImproperlyConfigured):
    """A setting holds a value that cannot be meant; the message is one line and names it."""


def _raw(name: str) -> str | None:
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
    value = _raw(name)
    if value is None:
        return default
    if pattern and not re.fullmatch(pattern, value):
        # The value may be a secret: only its name is told.
        raise BadSetting(f"{name} does not have the form {pattern}.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """1, true, yes, on or 0, false, no, off."""
    value = _raw(name)
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
    value = _raw(name)
    if value is None:
        return default
    # int() would also take "1_000", "+5" and digits of other scripts.
    if not re.fullmatch(r"-?[0-9]{1,18}", value) or not least <= int(value) <= most:
        raise BadSetting(f"{name} is not a whole number from {least} to {most}: {value!r}.")
    return int(value)


def duration(name: str, default: int, *, least: int = 0, most: int = 400 * 86400) -> int:
    """Seconds; accepts ``90``, ``90s``, ``15m``, ``12h``, ``2d``."""
    value = _raw(name)
    if value is None:
        return default
    match = _DURATION.fullmatch(value)
    seconds = int(match[1]) * _SECONDS[match[2]] if match else -1
    if not least <= seconds <= most:
        raise BadSetting(f"{name} is not a time from {least} to {most} seconds: {value!r}.")
    return seconds


def choice(name: str, default: str, options: Iterable[str]) -> str:
    """One of ``options``."""
    options = tuple(options)
    value = _raw(name) or default
    if value not in options:
        raise BadSetting(f"{name} is none of {', '.join(options)}: {value!r}.")
    return value


def words(name: str, default: Iterable[str] = (), *, pattern: str | None = None) -> list[str]:
    """A list parted by commas or blanks; ``pattern`` must match each entry."""
    value = _raw(name)
    if value is None:
        return list(default)
    entries = [entry for entry in re.split(r"[,\s]+", value) if entry]
    if pattern and not all(re.fullmatch(pattern, entry) for entry in entries):
        raise BadSetting(f"{name} has an entry that does not have the form {pattern}.")
    return entries


def url(name: str, default: str = "", *, schemes: Iterable[str] = ("https", "http")) -> str:
    """An address of one of ``schemes`` (its value may hold a password and is never echoed)."""
    value = _raw(name) or default
    if value:
        split_url(name, value, schemes=schemes)
    return value


def split_url(name: str, value: str, *, schemes: Iterable[str]) -> SplitResult:
    """The parts of ``value``, a bad scheme or port refused under the setting's ``name``."""
    schemes = tuple(schemes)
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  (reading it is the check)
    except ValueError:
        raise BadSetting(f"{name} is not an address.") from None
    if parts.scheme not in schemes:
        raise BadSetting(f"{name} does not begin with {' or '.join(f'{s}:' for s in schemes)}.")
    if not parts.netloc and not parts.path:
        raise BadSetting(f"{name} names no place.")
    return parts


def origin(name: str, default: str) -> str:
    """``scheme://host[:port]`` and nothing behind it."""
    value = url(name, default).rstrip("/")
    parts = urlsplit(value)
    if not parts.hostname or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise BadSetting(f"{name} is not of the form https://host or https://host:port.")
    return value


def database(name: str, default: str, *, pool: int, test_name: str) -> dict:
    """Django's entry for ``sqlite:///path`` or ``postgresql://user:password@host:port/name``.

    Further PostgreSQL options (``sslmode``, ``host`` for a socket folder) stand in the query.
    ``pool`` is the most connections a process keeps; 0 keeps one for each thread.
    """
    parts = split_url(
        name, _raw(name) or default, schemes=("sqlite", "postgresql", "postgres")
    )
    if parts.scheme == "sqlite":
        path = unquote(parts.path)[1:]
        if not path:
            raise BadSetting(f"{name} names no file: sqlite:///relative or sqlite:////absolute.")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "OPTIONS": {
                # A transaction that reads first and writes later would otherwise fail at once
                # with "database is locked" instead of waiting its turn.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
            },
            "TEST": {"NAME": test_name},
        }
    options: dict = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    options.setdefault("connect_timeout", "5")
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0 if pool else 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


REDIS_SCHEMES = ("unix", "redis", "rediss")


def redis_database(address: str, offset: int) -> str:
    """The address of the database ``offset`` places after the one ``address`` names."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query))
    if parts.scheme == "unix":
        query["db"] = str(int(query.get("db", 0)) + offset)
        return urlunsplit(parts._replace(query=urlencode(query)))
    number = int(parts.path.strip("/") or 0) + offset
    return urlunsplit(parts._replace(path=f"/{number}"))


def broker(address: str) -> str:
    """The same server in the spelling of Celery, which knows sockets under another scheme."""
    parts = urlsplit(address)
    if parts.scheme != "unix":
        return address
    number = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?virtual_host={number}"


def mailer(name: str, default: str, *, timeout: int) -> dict:
    """Django's MAILERS entry for ``smtp://``, ``smtps://`` (TLS) or ``smtp+tls://`` (STARTTLS)."""
    parts = split_url(name, _raw(name) or default, schemes=("smtp", "smtps", "smtp+tls"))
    if not parts.hostname:
        raise BadSetting(f"{name} names no host.")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": parts.scheme == "smtps",
            "use_tls": parts.scheme == "smtp+tls",
            "timeout": timeout,
        },
    }
