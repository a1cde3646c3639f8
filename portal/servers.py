"""The servers the portal leans on, from one address each: database, Redis, mail."""

import select
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from psycopg import Connection
from psycopg_pool import ConnectionPool

from portal import env

# A row that somebody holds is waited for no longer than this, and a client that stopped in the
# middle of a transaction loses it: pages end with 503 instead of queueing up behind it.
PATIENCE = "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
REDIS_SCHEMES = ("unix", "redis", "rediss")
SMTP_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}


def database(name: str, default: str, *, pool: int, test_name: str) -> dict:
    """Django's entry for ``sqlite:///path`` or ``postgresql://user:password@host:port/name``.

    Further PostgreSQL options (``sslmode``, ``host`` for a socket folder) stand in the query.
    ``pool`` is the most connections a process keeps; 0 keeps one for each thread.
    """
    place = env.address(
        name, env.raw(name) or default, schemes=("sqlite", "postgresql", "postgres")
    )
    if place.scheme == "sqlite":
        path = unquote(place.path)[1:]
        if not path:
            raise env.BadSetting(f"{name} names no file: sqlite:///here or sqlite:////there.")
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
    options: dict = dict(parse_qsl(place.query))
    host = options.pop("host", None) or unquote(place.hostname or "")
    options.setdefault("connect_timeout", "5")
    options.setdefault("options", PATIENCE)
    # Django's own statements are never prepared; ``accounts.planned`` asks for it for each of its.
    options.setdefault("prepare_threshold", 5)
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10, "check": check_idle}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(place.path[1:]),
        "USER": unquote(place.username or ""),
        "PASSWORD": unquote(place.password or ""),
        "HOST": host,
        "PORT": str(place.port or ""),
        "CONN_MAX_AGE": 0 if pool else 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def check_idle(connection: Connection) -> None:
    """Raises ``psycopg.OperationalError`` when the server has ended this connection of a pool.

    A server that says nothing is not asked, which would be one more trip for every request: one
    that is gone has left an error or the end of the stream to be read.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        ConnectionPool.check_connection(connection)


def redis_database(url: str, offset: int) -> str:
    """The address of the database ``offset`` places after the one that ``url`` names."""
    place = urlsplit(url)
    if place.scheme == "unix":
        query = dict(parse_qsl(place.query))
        query["db"] = str(int(query.get("db", 0)) + offset)
        return f"unix://{place.path}?{urlencode(query)}"
    number = int(place.path.strip("/") or 0) + offset
    return urlunsplit(place._replace(path=f"/{number}"))


def celery_broker(url: str) -> str:
    """The same server in the spelling of Celery, which knows sockets under another scheme."""
    place = urlsplit(url)
    if place.scheme == "rediss" and "ssl_cert_reqs" not in place.query:
        return urlunsplit(place._replace(query=f"{place.query}&ssl_cert_reqs=required".lstrip("&")))
    if place.scheme != "unix":
        return url
    number = dict(parse_qsl(place.query)).get("db", "0")
    return f"redis+socket://{place.path}?virtual_host={number}"


def mailer(name: str, default: str, *, timeout: int) -> dict:
    """Django's MAILERS entry for ``smtp://``, ``smtps://`` (TLS) or ``smtp+tls://`` (STARTTLS)."""
    place = env.address(name, env.raw(name) or default, schemes=SMTP_PORTS)
    if not place.hostname:
        raise env.BadSetting(f"{name} names no host.")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": place.hostname,
            "port": place.port or SMTP_PORTS[place.scheme],
            "username": unquote(place.username or ""),
            "password": unquote(place.password or ""),
            "use_ssl": place.scheme == "smtps",
            "use_tls": place.scheme == "smtp+tls",
            "timeout": timeout,
        },
    }
