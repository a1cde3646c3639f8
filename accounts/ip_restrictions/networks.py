"""What somebody may type as an entry, and where addresses stand on their line. Pure."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

TYPED_MAX = 64
FIRST_V6 = 1 << 32  # all addresses stand on one line: IPv4 first, then IPv6

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _networks(*texts: str) -> tuple[_Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


_WIDEST = {4: 8, 6: 16}
_NAT64 = _networks("64:ff9b::/96", "64:ff9b:1::/48")
_SIX_TO_FOUR = _networks("2002::/16")
_PRIVATE = _networks(
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"),
    *("169.254.0.0/16", "fc00::/7", "fe80::/10", "::1/128"),
)
# Nobody connects from these: "this network", multicast, reserved, and what stands for IPv4.
_NOBODY = _networks(
    *("0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "ff00::/8", "::/128", "::ffff:0:0/96")
)


class Unfit(StrEnum):
    """Why what was typed is no entry of a list."""

    EMPTY = "empty"
    NOT_PLAIN = "not_plain"  # characters beyond ASCII: full-width digits, names in other scripts
    WILDCARD = "wildcard"
    ZONE = "zone"
    NOT_AN_ADDRESS = "not_an_address"
    PREFIX = "prefix"
    EVERYWHERE = "everywhere"
    WIDE = "wide"
    HOST_BITS = "host_bits"
    NAT64 = "nat64"
    SIX_TO_FOUR = "six_to_four"
    PRIVATE = "private"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Network:
    """An entry as it is kept: its one spelling, and its bounds on the line of all addresses."""

    text: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Why not; ``meant`` is the network that was probably meant, or ""."""

    why: Unfit
    meant: str = ""


def parse(typed: str, *, private: bool) -> Network | Refused:
    """Reads a single address or a network (CIDR); IPv4-mapped IPv6 folds to IPv4.

    ``private`` says whether private networks are taken: where the portal is reached from one.
    """
    text = typed.strip()
    early = _unfit_text(text)
    if early:
        return Refused(early)
    address_text, slash, prefix_text = text.partition("/")
    try:
        address = ipaddress.ip_address(address_text)
    except ValueError:
        return Refused(Unfit.NOT_AN_ADDRESS)
    prefix = _prefix(prefix_text, most=address.max_prefixlen) if slash else address.max_prefixlen
    if prefix is None:
        return Refused(Unfit.PREFIX)
    if address.version == 6 and address.ipv4_mapped and prefix >= 96:
        address, prefix = address.ipv4_mapped, prefix - 96
    if prefix == 0:
        return Refused(Unfit.EVERYWHERE)
    network = ipaddress.ip_network((address, prefix), strict=False)
    why = _unfit(network, private=private)
    if why:
        return Refused(why)
    if network.network_address != address:
        return Refused(Unfit.HOST_BITS, meant=str(network))
    text = str(address) if prefix == address.max_prefixlen else str(network)
    return Network(text, _place(network.network_address), _place(network.broadcast_address))


def _prefix(text: str, *, most: int) -> int | None:
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) > most:
        return None
    return int(text)


def _unfit_text(text: str) -> Unfit | None:
    if not text:
        return Unfit.EMPTY
    if not text.isascii():
        return Unfit.NOT_PLAIN
    if "*" in text or "?" in text:
        return Unfit.WILDCARD
    if "%" in text:
        return Unfit.ZONE
    return Unfit.NOT_AN_ADDRESS if len(text) > TYPED_MAX else None


def _unfit(network: _Network, *, private: bool) -> Unfit | None:
    if network.prefixlen < _WIDEST[network.version]:
        return Unfit.WIDE
    if _meets(network, _NAT64):
        return Unfit.NAT64
    if _meets(network, _SIX_TO_FOUR):
        return Unfit.SIX_TO_FOUR
    if _is_within(network, _NOBODY):
        return Unfit.NOBODY
    if _is_within(network, _PRIVATE) and not private:
        return Unfit.PRIVATE
    return None


def _meets(network: _Network, others: Iterable[_Network]) -> bool:
    return any(one.version == network.version and one.overlaps(network) for one in others)


def _is_within(network: _Network, others: Iterable[_Network]) -> bool:
    return any(one.version == network.version and network.subnet_of(one) for one in others)


def is_private(address: str) -> bool:
    """Whether ``address`` (canonical text) is one of a private network; False for no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(one.version == found.version and found in one for one in _PRIVATE)


def _place(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> int:
    return int(address) if address.version == 4 else FIRST_V6 + int(address)


def place(address: str) -> int | None:
    """Where an address stands on the line of all addresses, None for what is none.

    IPv4-mapped addresses fold; those of NAT64 and 6to4 do not: they are not that IPv4 address.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    if found.version == 6:
        if found.scope_id:
            return None
        found = found.ipv4_mapped or found
    return _place(found)
