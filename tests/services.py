"""Pytest plugin, loaded before Django reads its settings: real PostgreSQL and Valkey for the run.

``--db=sqlite`` takes a SQLite file instead. What stands in the environment (another REDIS_URL,
Twilio's credentials of the operator) does not reach the tests, except ``TEST_DATABASE_URL`` and
``TEST_REDIS_URL``, which name servers to take instead of the embedded ones.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator

import pytest

from portal.supervise import EmbeddedValkey, Supervisor
from tests import cluster
from tests.catalogue import compile_all
from tests.postgres import Postgres

_OURS = ("PORTAL_", "TWILIO_", "SUPPORT_", "EMAIL_", "DATABASE_", "REDIS_", "KEK_", "SECRET_KEY")
# For ``tests/twilio``.
_KEPT = "TWILIO_TEST_"
_cleanup: list[Callable[[], None]] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--db``."""
    parser.addoption(
        "--db", choices=("postgres", "sqlite"), default="postgres", help="database of the run"
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Starts the servers and writes the environment that ``portal/settings.py`` reads."""
    prepare(early_config.known_args_namespace.db)
    return (yield)


def prepare(database: str) -> None:
    """Servers and environment of the profile ``test``; both end with the process."""
    compile_all()
    # Not pytest's own hook: it is not called when Django fails to load.
    atexit.register(_clean_up)
    for name in [
        name for name in os.environ if name.startswith(_OURS) and not name.startswith(_KEPT)
    ]:
        del os.environ[name]
    folder = tempfile.mkdtemp(prefix="portal-test-")
    _cleanup.append(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ |= {
        "PORTAL_PROFILE": "test",
        "DEMO_DIR": folder,
        "DATABASE_URL": _postgres() if database == "postgres" else _sqlite(folder),
        "REDIS_URL": _valkey(),
        "LOG_LEVEL": "WARNING",
        # Playwright's loop lives in the test's thread; the ORM is used beside it, never within.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }


def _postgres() -> str:
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given
    server = Postgres(cluster.folder())
    server.start()
    _cleanup.append(server.stop)
    return server.url


def _sqlite(folder: str) -> str:
    shutil.copy(cluster.file(), f"{folder}/{cluster.SQLITE}")
    return f"sqlite:///{folder}/db"


def _valkey() -> str:
    if given := os.environ.get("TEST_REDIS_URL"):
        return given
    valkey, supervisor = EmbeddedValkey(), Supervisor()
    supervisor.start("valkey", valkey.command)
    supervisor.wait_for("valkey", valkey.is_up, 10)
    _cleanup.extend([valkey.remove, supervisor.stop])
    return valkey.url


def _clean_up() -> None:
    """Ends what was started, last first."""
    while _cleanup:
        _cleanup.pop()()
