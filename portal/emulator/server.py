"""The emulator's own web server: Django's threaded one, with the socket in reach of the views.

Breaking a connection on demand needs the socket of the request, which no WSGI server gives away.
A thread for each connection also lets any number of ``timeout`` faults wait at once.
"""

import sys
from socketserver import TCPServer
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from portal.emulator.connection import KEY


class Handler(WSGIRequestHandler):
    """Keeps connections open, answers at once, logs nothing."""

    disable_nagle_algorithm = True

    def get_environ(self) -> dict[str, Any]:
        """The environment of the request, with its socket."""
        return super().get_environ() | {KEY: self.connection}

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Faults of the emulator itself are logged by Django."""


class Server(ThreadedWSGIServer):
    """Listens from its construction on; a client that goes away is nobody's fault."""

    request_queue_size = 256

    def server_bind(self) -> None:
        """Binds without asking a resolver for the name of the address."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]
        self.setup_environ()

    def handle_error(self, request: object, client_address: object) -> None:
        """Tells of anything but a broken connection."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)
