"""Where a request comes from: the one value that services get instead of a request.

The client address is read from the right of ``X-Forwarded-For`` with a fixed number of trusted
proxies (python-ipware), and only when the peer itself is a trusted proxy. An address that cannot
be read is a refusal, never a skipped check (CVE-2024-47070).
"""

import hashlib
import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from python_ipware import IpWare


class UnreadableOrigin(SuspiciousOperation):
    """The address of the client cannot be established; Django answers 400 and logs it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asks, as far as the connection tells.

    ``address`` is the canonical text of an IPv4 or IPv6 address, "" for acts of the system.
    ``device`` is the SHA-256 (hex) of the series in the browser's device cookie, "" when it has
    none, and ``device_token`` that of the token behind it, which changes with each sign-in.
    ``session`` is the key of the session row (hex), "" when not signed in. ``actor`` says who acts
    where that is not the owner ("staff:sam"): the record names them whatever service it is.
    """

    address: str = ""
    platform: str = "web"
    device: str = ""
    device_token: str = ""
    agent: str = ""
    session: str = ""
    request_id: str = ""
    actor: str = ""

    @property
    def network(self) -> str:
        """The part of the address that one subscriber holds: IPv4 whole, IPv6 as /64."""
        if ":" not in self.address:
            return self.address
        return str(ipaddress.ip_network(f"{self.address}/64", strict=False).network_address)


SYSTEM = Origin(platform="system")


def canonical(text: str) -> str:
    """The one spelling of an address; IPv4-mapped IPv6 folds to IPv4.

    Raises ``UnreadableOrigin`` for anything else, zone ids included.
    """
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        raise UnreadableOrigin("unreadable client address") from None
    if address.version == 6:
        if address.scope_id:
            raise UnreadableOrigin("zone id in client address")
        address = address.ipv4_mapped or address
    return str(address)


def client_address(meta: dict[str, str]) -> str:
    """The client's address from a WSGI ``META``; raises ``UnreadableOrigin``."""
    peer = canonical(meta.get("REMOTE_ADDR", ""))
    if not settings.TRUSTED_PROXY_COUNT or not _is_trusted(peer):
        return peer
    forwarded = meta.get("HTTP_X_FORWARDED_FOR", "")
    for part in forwarded.split(","):
        canonical(part)
    # The right-most entries were written by the trusted proxies; what stands left of them was
    # written by the client and proves nothing.
    address, _ = IpWare(
        precedence=("HTTP_X_FORWARDED_FOR",), proxy_count=settings.TRUSTED_PROXY_COUNT - 1
    ).get_client_ip({"HTTP_X_FORWARDED_FOR": forwarded})
    if address is None:
        raise UnreadableOrigin("forwarding header shorter than the chain of proxies")
    return canonical(str(address))


def _is_trusted(peer: str) -> bool:
    address = ipaddress.ip_address(peer)
    return any(address in ipaddress.ip_network(net) for net in settings.TRUSTED_PROXIES)


def digest(cookie: str) -> str:
    """What is stored of a cookie: its SHA-256 in hex."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def halves(cookie: str) -> tuple[str, str]:
    """Series and token of a device cookie; "" for what is not there."""
    series, _, token = cookie.partition(".")
    return series, token


def read(request: HttpRequest) -> Origin:
    """The origin of a browser's request. Raises ``UnreadableOrigin``."""
    series, token = halves(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""))
    return Origin(
        address=client_address(request.META),
        device=digest(series) if series else "",
        device_token=digest(token) if token else "",
        agent=request.headers.get("User-Agent", "")[:400],
        request_id=getattr(request, "request_id", ""),
    )


class OriginMiddleware:
    """Puts ``request.origin`` in place before anything that decides."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.origin = read(request)
        return self.get_response(request)
