"""What every test may ask for. Servers come from ``tests/services.py``, before Django."""

import os
import time
from collections.abc import Iterator

import django_ratelimit.core
import pytest
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.contrib.auth.hashers import get_hashers, get_hashers_by_algorithm
from django.core.cache import caches
from django.db import connections
from django.test import TransactionTestCase
from django.utils import timezone, translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from redis import Redis

from accounts.outbox.hooks import taking
from accounts.support import record
from portal.celery import app
from tests import emptying, sql

# Properties are about results; how fast a busy machine makes up examples is none of them.
hypothesis_settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("unhurried")
pytest_plugins = ["tests.browser", "tests.cast", "tests.passkeys"]


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The embedded database goes with its server: dropping it would only trip over connections
    of servers that are still ending."""
    return "TEST_DATABASE_URL" not in os.environ


@pytest.fixture(scope="session", autouse=True)
def _quick_emptying() -> Iterator[None]:
    """What a test has committed goes by ``tests/emptying.py``."""

    def empty(case: TransactionTestCase) -> None:
        for alias in case._databases_names(include_mirrors=False):
            emptying.empty(alias)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


@pytest.fixture(scope="session")
def _queue() -> Iterator[Redis]:
    """The server of the queue."""
    with app.connection_for_write() as link:
        yield link.default_channel.client


@pytest.fixture(autouse=True)
def _empty_cache_and_queue(_queue: Redis) -> None:
    """No session, rate or task of one test reaches the next."""
    record.remember(None)
    taking.forget()
    _queue.flushdb()
    for cache in caches.all(initialized_only=False):
        cache.clear()


@pytest.fixture(autouse=True)
def _whole_windows(monkeypatch) -> None:
    """The windows in which rates are counted begin with the test. Otherwise one of them ends now
    and then while a test uses a rate up, and the use that has to be refused is not."""
    begun = int(time.time())

    def end(_value: str | bytes, period: int) -> int:
        now = int(time.time())
        return now + period - (now - begun) % period

    monkeypatch.setattr(django_ratelimit.core, "_get_window", end)


@pytest.fixture(autouse=True)
def _english() -> None:
    """The language and time zone of one test's last request do not reach the next."""
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()


@pytest.fixture(scope="session")
def counted_queries():
    """``with counted_queries(11):`` or ``counted_queries(most=11)``; see ``tests/sql.py``."""
    return sql.counted_queries


@pytest.fixture
def worker(transactional_db: None) -> Iterator[object]:
    """A Celery worker in threads of this process, on the real broker, without beat."""
    with start_worker(
        app, pool="threads", concurrency=4, perform_ping_check=False, shutdown_timeout=20
    ) as running:
        yield running
    connections.close_all()


@pytest.fixture
def real_hash(settings) -> Iterator[None]:
    """The password hash of production instead of the cheap one of the test profile."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    get_hashers.cache_clear()
    get_hashers_by_algorithm.cache_clear()
    yield
    get_hashers.cache_clear()
    get_hashers_by_algorithm.cache_clear()
