"""The portal as it stands on the internet: a real nginx before a real granian.

nginx is looked for at ``$NGINX_PATH``, then by name; ``make test`` installs it where it can. It
keeps what may be kept in a cache, so that a test sees what never may.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from portal.supervise import Supervisor, answers
from tests.emulator_process import free_port

PATIENCE = 120  # seconds; a busy machine takes its time
CONFIGURATION = """
{user}
daemon off;
pid {folder}/pid;
error_log stderr error;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/bodies;
  proxy_temp_path {folder}/answers;
  fastcgi_temp_path {folder}/fastcgi;
  scgi_temp_path {folder}/scgi;
  uwsgi_temp_path {folder}/uwsgi;
  proxy_cache_path {folder}/cache keys_zone=kept:1m;
  server {{
    listen 127.0.0.1:{port};
    client_max_body_size 64k;
    location / {{
      proxy_pass http://127.0.0.1:{upstream};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header Forwarded "";
      {bind}
      proxy_cache kept;
      proxy_cache_valid any 1m;
      add_header X-Kept $upstream_cache_status always;
    }}
  }}
}}
"""


def program() -> str:
    """The path of nginx."""
    found = os.environ.get("NGINX_PATH") or shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin")
    if not found:
        raise RuntimeError(
            "No nginx found: install the package 'nginx-light' or set NGINX_PATH to its program."
        )
    return found


@contextmanager
def portal(folder: Path) -> Iterator[int]:
    """A granian on the database and broker of the tests, which trusts one proxy at 127.0.0.1 and
    nobody else; yields its port."""
    port = free_port()
    env = {
        "DATABASE_URL": _database_url(),
        "TRUSTED_PROXY_COUNT": "1",
        "TRUSTED_PROXIES": "127.0.0.1/32",
    }
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--http", "1"),
        *("--host", "127.0.0.1", "--port", str(port), "--log-level", "error"),
        *("--workers", "1", "--blocking-threads", "4", "portal.wsgi:application"),
    ]
    with _running("granian", command, port, folder, **env):
        yield port


@contextmanager
def proxy(folder: Path, *, upstream: int, source: str = "") -> Iterator[int]:
    """nginx before the server on the port ``upstream``, which it reaches from the address
    ``source`` of this machine; yields its port."""
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    bind = f"proxy_bind {source};" if source else ""
    text = CONFIGURATION.format(folder=folder, port=port, upstream=upstream, user=user, bind=bind)
    configuration = folder / "nginx.conf"
    configuration.write_text(text, encoding="ascii")
    command = [program(), "-c", str(configuration), "-p", str(folder), "-e", "stderr"]
    with _running("nginx", command, port, folder):
        yield port


@contextmanager
def _running(name: str, command: list[str], port: int, folder: Path, **env: str) -> Iterator[None]:
    with open(folder / f"{name}.log", "ab") as log:
        supervisor = Supervisor(log)
        supervisor.start(name, command, **env)
        try:
            supervisor.wait_for(name, lambda: answers(port), PATIENCE)
            yield
        finally:
            supervisor.stop()


def _database_url() -> str:
    """The address of the database of this test run."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
