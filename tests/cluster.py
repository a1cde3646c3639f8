"""A PostgreSQL cluster, and a SQLite file, in which every migration is applied, made once for each
state of them.

Applying them takes longer than most files of tests, so that what comes out is kept in ``.cache``
and copied by each run. Another migration, or another Django, makes another.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import django

from tests.postgres import Postgres

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
# The database is the one that pytest-django looks for.
MIGRATE = "import django; django.setup(); from django.test.utils import setup_databases as make; "
MIGRATE += "make(verbosity=0, interactive=False, keepdb=True); "
# SQLite takes what it has written beside its file into it.
MIGRATE += "from django.db import connections; connections.close_all()"
# By the settings of the profile ``test``, in its own folder.
SQLITE = "test.sqlite3"


def folder() -> Path:
    """Where the cluster of the present migrations is; it is made if it is not there."""
    return _kept("cluster", _make_cluster)


def file() -> Path:
    """Where the SQLite file of the present migrations is; it is made if it is not there."""
    return _kept("sqlite", _make_file)


def _kept(kind: str, make: Callable[[Path], None]) -> Path:
    wanted = CACHE / f"{kind}-{_state()}"
    if not wanted.exists():
        CACHE.mkdir(exist_ok=True)
        for old in CACHE.glob(f"{kind}-*"):
            if old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
            else:
                old.unlink(missing_ok=True)
        make(wanted)
    return wanted


def _state() -> str:
    told = hashlib.sha256(django.__version__.encode())
    written = ROOT.glob("*/migrations/*.py")
    for path in sorted([*written, ROOT / "requirements.lock", ROOT / "tests/postgres.py"]):
        told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()[:16]


def _make_cluster(wanted: Path) -> None:
    server = Postgres()
    server.start()
    try:
        _migrate(DATABASE_URL=server.url)
        server.keep(wanted)
    finally:
        server.stop()


def _make_file(wanted: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="sqlite-") as place:
        _migrate(DATABASE_URL=f"sqlite:///{place}/db", DEMO_DIR=place)
        whole = wanted.with_name(f"new-{os.getpid()}.{SQLITE}")
        shutil.copy(Path(place) / SQLITE, whole)
    whole.rename(wanted)


def _migrate(**env: str) -> None:
    subprocess.run(
        [sys.executable, "-c", MIGRATE],
        check=True,
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PORTAL_PROFILE": "test",
            **env,
        },
    )
