"""Requests byte by byte, from an address of one's choice: all of 127.0.0.0/8 is this machine."""

import re
import socket
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

PATIENCE = 10  # seconds
CLIENT = "127.0.0.9"  # not that of the proxy


@dataclass(frozen=True)
class Answer:
    """What came back until the server closed: ``statuses`` of all answers, and the ``text``."""

    statuses: list[int]
    text: str

    @property
    def status(self) -> int:
        """Of the first answer; 0 for none."""
        return self.statuses[0] if self.statuses else 0

    def header(self, name: str) -> str:
        """The value of a header of the first answer, or ""."""
        found = re.search(rf"(?im)^{re.escape(name)}: *(.*?)\r?$", self.text)
        return found[1] if found else ""


def send(port: int, data: bytes, *, source: str = CLIENT) -> Answer:
    """Writes ``data`` and reads until the server closes or falls silent."""
    with closing(socket.create_connection(("127.0.0.1", port), PATIENCE, (source, 0))) as link:
        link.sendall(data)
        received = bytearray()
        try:
            link.settimeout(2)
            while chunk := link.recv(65536):
                received += chunk
        except OSError:
            pass  # a server that waits for more, or has closed roughly
    text = received.decode("utf-8", "replace")
    return Answer([int(one) for one in re.findall(r"(?m)^HTTP/1\.1 (\d{3})", text)], text)


def get(
    port: int, path: str, headers: Iterable[tuple[str, str]] = (), *, source: str = CLIENT
) -> Answer:
    """One GET with these header lines, in this order, exactly as they are spelt."""
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    return send(port, ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8"), source=source)


def post(
    port: int,
    path: str,
    body: str,
    headers: Iterable[tuple[str, str]] = (),
    *,
    kind: str = "application/x-www-form-urlencoded",
    source: str = CLIENT,
) -> Answer:
    """One POST of ``body`` with these header lines besides."""
    data = body.encode()
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Connection: close"]
    lines += [f"Content-Type: {kind}", f"Content-Length: {len(data)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return send(port, ("\r\n".join(lines) + "\r\n\r\n").encode() + data, source=source)
