"""HTTP for webhooks: one POST to an address that was judged first, within one bound of time.

Written on sockets because of what must not happen: a second look-up of the name after the judgement
(DNS rebinding), a redirect, a proxy from the environment, an answer that drips for ever. The body
of an answer is not read.
"""

import re
import socket
import ssl
import time
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from accounts.outbox.gateways import names
from accounts.outbox.hooks import rules
from accounts.outbox.ports import Answer

HEAD_MOST = 16_384  # bytes
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: |\r|$)")
_RETRY_AFTER = re.compile(rb"\r\nretry-after:[ \t]*([0-9]{1,6})[ \t]*\r\n", re.IGNORECASE)
PORTS = {"https": 443, "http": 80}


class Hooks:
    """A ``HookPoster``."""

    def __init__(self, timeout: float, ca_file: str = "") -> None:
        self.timeout = timeout
        self.ca_file = ca_file

    def post(self, url: str, body: bytes, headers: Mapping[str, str], *, at_home: bool) -> Answer:
        """Hands over one event, within ``timeout`` seconds from the look-up of the name on."""
        parts, until = urlsplit(url), time.monotonic() + self.timeout
        try:
            addresses = _resolved(parts, until, at_home=at_home)
        except TimeoutError:
            return Answer(0, "timeout", is_worth_another_try=True)
        except (OSError, UnicodeError):
            return Answer(0, "dns", is_worth_another_try=True)
        if not addresses:
            return Answer(0, "address")
        try:
            # Before the receiver waits for us.
            tls = self._tls() if parts.scheme == "https" else None
            with _connected(addresses, until) as raw:
                raw.settimeout(_left(until))
                if tls is None:
                    return _asked(raw, parts, body, headers, until)
                with tls.wrap_socket(raw, server_hostname=parts.hostname) as safe:
                    return _asked(safe, parts, body, headers, until)
        except TimeoutError:
            return Answer(0, "timeout", is_worth_another_try=True)
        except ssl.SSLError:
            return Answer(0, "tls", is_worth_another_try=True)
        except OSError:
            return Answer(0, "connect", is_worth_another_try=True)

    def _tls(self) -> ssl.SSLContext:
        """Made for each post, which is rare: it reads all certificates, for some 40 ms, and whoever
        sends something else is not to wait for that."""
        context = ssl.create_default_context(cafile=self.ca_file or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


def _resolved(parts: SplitResult, until: float, *, at_home: bool) -> list[tuple[str, int]]:
    """The addresses to call, looked up once; none where any of the answers leads inside."""
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    addresses = names.addresses(host, port, until=until)
    is_home = at_home and rules.is_this_machine(host)
    if not rules.all_may(addresses, at_home=is_home):
        return []
    return [(address, port) for address in addresses]


def _connected(addresses: list[tuple[str, int]], until: float) -> socket.socket:
    *others, last = addresses
    for address in others:
        try:
            return socket.create_connection(address, _left(until))
        except OSError:
            continue
    return socket.create_connection(last, _left(until))


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _asked(
    link: socket.socket, parts: SplitResult, body: bytes, headers: Mapping[str, str], until: float
) -> Answer:
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    told = {
        "Host": parts.netloc,
        **headers,
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    link.settimeout(_left(until))
    link.sendall(f"POST {target} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body)
    return _answer(_head(link, until))


def _head(link: socket.socket, until: float) -> bytes:
    """The first lines of the answer that is meant, without those that only say "go on"."""
    read = b""
    while True:
        head, end, rest = read.partition(b"\r\n\r\n")
        if end and head.startswith((b"HTTP/1.1 1", b"HTTP/1.0 1")):
            read = rest
            continue
        if end or len(read) > HEAD_MOST:
            return head + b"\r\n"
        link.settimeout(_left(until))
        piece = link.recv(4096)
        if not piece:
            return read
        read += piece


def _answer(head: bytes) -> Answer:
    found = _STATUS.match(head)
    if found is None or len(head) > HEAD_MOST:
        return Answer(0, "protocol", is_worth_another_try=True)
    status = int(found[1])
    asked = _RETRY_AFTER.search(head)
    reason = "redirect" if 300 <= status < 400 else ""
    return Answer(status, reason, retry_after=float(asked[1]) if asked else None)


def from_settings() -> Hooks:
    """One with the settings of now. Cheap: every message asks for it."""
    return Hooks(settings.WEBHOOK_TIMEOUT, settings.WEBHOOK_CA_FILE)
