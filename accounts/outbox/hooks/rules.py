"""Which events leave, where to, and how they are signed. Pure."""

import hmac
import ipaddress
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import SplitResult, urlsplit

TYPES = (
    *("session.ended", "account.frozen", "account.thawed"),
    *("device.removed", "contact.changed"),
)
TEST = "test"  # what an officer sends from the console; every endpoint takes it
URL_MOST = 500
REST_MOST = 300  # seconds that an endpoint which fails is left alone
KEYS_MOST = 2
SHOWN_WITHIN = timedelta(days=2)  # after which a new secret that nobody looked at stays unseen

_SESSIONS = {"session.ended": "", "session.lapsed": "", "sign_in.out": ""}
_CONTACTS = {
    f"{what}.{change}": {"contact": what, "change": change}
    for what in ("email", "phone")
    for change in ("added", "verified", "primary", "removed", "undone")
}


@dataclass(frozen=True, slots=True)
class Happened:
    """What an entry of the audit is to those outside."""

    type: str
    data: dict[str, Any]


def happened(event: str, detail: Mapping[str, Any], note: Mapping[str, Any]) -> Happened | None:
    """What is told of an entry; None where it is nobody's business outside.

    Facts are taken one by one: details grow, and what is added there stays in the house.
    """
    if event in _SESSIONS:
        handles = list(note.get("handles", ()))
        return Happened("session.ended", {"sessions": handles, "why": detail.get("why", "")})
    if event in ("account.frozen", "account.thawed"):
        return Happened(event, {"reference": detail.get("reference", "")})
    if event == "device.revoked":
        data = {"method": detail.get("method", ""), "why": detail.get("why", "")}
        return Happened("device.removed", data)
    if event in _CONTACTS:
        return Happened("contact.changed", dict(_CONTACTS[event]))
    return None


def payload(*, id: str, type: str, at: datetime, subject: str, data: Mapping[str, Any]) -> str:  # noqa: A002
    """The body of a post; the same text at every try."""
    time = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told = {"id": id, "type": type, "time": time, "subject": subject, "data": dict(data)}
    return json.dumps(told, separators=(",", ":"))


def signature(body: bytes, *, at: int, keys: Iterable[tuple[str, str]]) -> str:
    """The header ``Portal-Signature``: ``at`` in seconds of Unix, and each key's id with what it
    makes of the body."""
    said = [f"t={at}"]
    for kid, secret in keys:
        digest = hmac.new(secret.encode(), f"{at}.".encode() + body, "sha256").hexdigest()
        said += [f"kid={kid}", f"v1={digest}"]
    return ",".join(said)


def widens(was: Iterable[str], types: Iterable[str], *, was_on: bool, is_on: bool) -> bool:
    """Whether a change lets out what did not leave before: another kind of event, or any at all."""
    return is_on and not (was_on and set(types) <= set(was))


class Bad(StrEnum):
    """Why nothing is posted to an address."""

    SHAPE = "shape"
    SCHEME = "scheme"
    CREDENTIALS = "credentials"
    FRAGMENT = "fragment"
    INSIDE = "inside"


def refusal(url: str, *, at_home: bool) -> Bad | None:
    """Why an endpoint may not have this address; None where it may.

    ``at_home`` lets this machine itself be one, without TLS too. A name is judged again by where
    it leads, at every post.
    """
    parts = _parts(url)
    if parts is None:
        return Bad.SHAPE
    host = parts.hostname or ""
    if "#" in url:
        return Bad.FRAGMENT
    if "@" in parts.netloc:
        return Bad.CREDENTIALS
    is_home = at_home and is_this_machine(host)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_home):
        return Bad.SCHEME
    leads_out = may_call(host, at_home=False) if is_address(host) else _is_name(host)
    return None if is_home or leads_out else Bad.INSIDE


def _parts(url: str) -> SplitResult | None:
    if len(url) > URL_MOST or not url.isascii() or any(c <= " " or c in '\\"<>\x7f' for c in url):
        return None
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if is_whole else None


def _is_name(host: str) -> bool:
    """A name of the public DNS. 127.1, 0x7f000001 and 2130706433 are addresses to many
    resolvers: the last label of a name is no number (WHATWG URL, "ends in a number")."""
    labels = host.split(".")
    last = labels[-1]
    return (
        len(labels) > 1
        and all(label and len(label) < 64 for label in labels)
        and all(c.isalnum() or c in "-_" for label in labels for c in label)
        and last[0].isalpha()
        and last not in ("localhost", "local", "internal", "arpa", "home", "lan")
    )


def is_this_machine(host: str) -> bool:
    """Whether a host is named as this machine itself."""
    return host in ("localhost", "127.0.0.1", "::1")


def is_address(host: str) -> bool:
    """Whether a host is an address in its usual spelling."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


_UNICAST = ipaddress.ip_network("2000::/3")  # all of IPv6 that is routed (RFC 4291 section 2.4)
# What ``is_global`` takes for public although it leads to IPv4 (RFC 3056, RFC 4380), or, like the
# metadata service of one cloud, into the network of whoever runs this machine.
_LEADS_INSIDE = tuple(
    ipaddress.ip_network(one) for one in ("2002::/16", "2001::/32", "168.63.129.16/32")
)


def may_call(address: str, *, at_home: bool) -> bool:
    """Whether a post may go to this address: public unicast, or this machine where it is at home.

    Whatever cannot be read is not called.
    """
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    read = getattr(read, "ipv4_mapped", None) or read
    if at_home and read.is_loopback:
        return True
    leads_inside = any(read in net for net in _LEADS_INSIDE if net.version == read.version)
    is_unicast = read in _UNICAST if read.version == 6 else not read.is_multicast
    return read.is_global and is_unicast and not leads_inside


def all_may(addresses: Sequence[str], *, at_home: bool) -> bool:
    """Whether a name leads only where a post may go: one answer inside refuses them all."""
    return bool(addresses) and all(may_call(one, at_home=at_home) for one in addresses)


def rest(failures: int, *, asked: float | None, jitter: float) -> float:
    """Seconds that an endpoint is left alone after so many failures in a row: twice as long each
    time, between half of it and all (``jitter`` from 0 to 1); at least what it ``asked`` for."""
    wait = min(2.0 ** min(failures, 20), REST_MOST) * (0.5 + jitter / 2)
    return max(wait, min(asked or 0, REST_MOST))
