"""Breaking the connection under an answer."""

import socket
import struct
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

# Where ``server.py`` puts the socket of the request.
KEY = "emulator.connection"
# Linger on, for zero seconds: closing sends RST and throws away what was not sent.
RESET = struct.pack("ii", 1, 0)


def dropped(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The answer that never arrives: the client sees its connection closed without a response.

    Under another server than the emulator's own the socket is out of reach. The client then gets
    a head that promises more than comes, and the end of the connection.
    """
    connection = request.META.get(KEY)
    if connection is None:
        return StreamingHttpResponse(_cut(), headers={"Content-Length": "64"})
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.shutdown(socket.SHUT_RDWR)
    return HttpResponse()


def _cut() -> Iterator[bytes]:
    yield b" "
