"""One address a server becomes what Django and Celery expect."""

import psycopg
import pytest
from django.db import connection

from portal import servers
from portal.env import BadSetting


@pytest.fixture
def address(monkeypatch):
    def put(value: str) -> None:
        monkeypatch.setenv("THING", value)

    return put


def database(**options):
    return servers.database("THING", "sqlite:///x", **{"pool": 0, "test_name": "t"} | options)


def test_sqlite_waits_its_turn_to_write(address):
    address("sqlite:////var/lib/portal.sqlite3")
    entry = database()
    assert entry["NAME"] == "/var/lib/portal.sqlite3"
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "WAL" in entry["OPTIONS"]["init_command"]


def test_postgresql_keeps_a_pool(address):
    address("postgresql://us%40er:p%2Fw@db.example.com:6432/portal?sslmode=verify-full")
    entry = database(pool=10)
    assert (entry["USER"], entry["PASSWORD"]) == ("us@er", "p/w")
    assert (entry["HOST"], entry["PORT"], entry["NAME"]) == ("db.example.com", "6432", "portal")
    assert entry["OPTIONS"]["sslmode"] == "verify-full"
    assert entry["OPTIONS"]["pool"]["max_size"] == 10
    assert entry["CONN_MAX_AGE"] == 0


@pytest.mark.django_db
def test_a_pool_keeps_a_connection_that_the_server_has_not_ended():
    if connection.vendor != "postgresql":
        return
    other = connection.copy("other")
    other.connect()
    servers.check_idle(other.connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [other.connection.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        servers.check_idle(other.connection)
    other.connection.close()


def test_postgresql_takes_a_socket_folder(address):
    address("postgresql://portal@/portal?host=/run/postgresql")
    assert database()["HOST"] == "/run/postgresql"


@pytest.mark.parametrize("value", ["mysql://db/portal", "portal.sqlite3", "sqlite://", "postgres:"])
def test_refuses_another_database(address, value):
    address(value)
    with pytest.raises(BadSetting, match="THING"):
        database()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://h:1/0", "redis://h:1/2"),
        ("redis://h:1", "redis://h:1/2"),
        ("redis://:pw@h:1/3", "redis://:pw@h:1/5"),
        ("unix:///run/s", "unix:///run/s?db=2"),
        ("unix:///run/s?db=4", "unix:///run/s?db=6"),
    ],
)
def test_counts_on_from_the_named_database(url, expected):
    assert servers.redis_database(url, 2) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://h:1/0", "redis://h:1/0"),
        ("unix:///run/s", "redis+socket:///run/s?virtual_host=0"),
        ("unix:///run/s?db=4", "redis+socket:///run/s?virtual_host=4"),
        ("rediss://h/0", "rediss://h/0?ssl_cert_reqs=required"),
    ],
)
def test_spells_the_broker_as_celery_does(url, expected):
    assert servers.celery_broker(url) == expected


@pytest.mark.parametrize(
    ("value", "port", "ssl", "tls"),
    [
        ("smtp://localhost:8025", 8025, False, False),
        ("smtps://mail.example.com", 465, True, False),
        ("smtp+tls://mail.example.com", 587, False, True),
    ],
)
def test_reads_the_mail_server(address, value, port, ssl, tls):
    address(value)
    options = servers.mailer("THING", "", timeout=9)["OPTIONS"]
    assert (options["port"], options["use_ssl"], options["use_tls"]) == (port, ssl, tls)
    assert options["timeout"] == 9
