"""Who is asking? The address that connects, or what a trusted proxy says of it; never what the client says itself.

One visitor must not pass for many, nor many for one, however an address is written and whatever it travels in.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from starlette.datastructures import Headers
from starlette.types import Scope

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_WIDTHS = {4: (32, 24), 6: (64, 56, 48)}
"""What is counted as one, in bits of the address: a client, and the networks around it. A client of IPv6 owns a /64 and
could change its address with every request; its provider gives a customer a /56 of those or, at the most, a /48."""
_MAPPED = IPv6Network("::ffff:0:0/96")
_CARRIERS = (
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64: RFC 6052, and RFC 8215 for a network's own
    (IPv6Network("64:ff9b:1::/48"), 0),
    (IPv6Network("::ffff:0:0:0/96"), 0),  # SIIT: RFC 2765
    (IPv6Network("2002::/16"), 80),  # 6to4: RFC 3056
)
"""IPv6 networks whose addresses carry that of an IPv4 client, and how many bits stand behind it."""
_TEREDO = IPv6Network("2001::/32")
"""RFC 4380; it carries the address with each bit turned over."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who is asking, as far as is known."""

    address: Address | None
    """None for a client without an address, such as that of a Unix socket."""
    named: bool = True
    """False if a trusted proxy ought to have named the client and did not: then the address is the proxy's."""


def find_client(scope: Scope, proxies: tuple[Network, ...]) -> Client:
    """Find the client: of the hops that proxies report, the nearest that is not a trusted proxy itself."""
    peer = find_peer(scope)
    if not is_inside(peer, proxies):
        return Client(peer)
    hops = [hop for hop in ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",") if hop.strip()]
    for hop in reversed(hops):
        found = read_address(hop)
        if found is None:
            return Client(peer, named=False)
        peer = found
        if not is_inside(peer, proxies):
            return Client(peer)
    return Client(peer, named=bool(hops))


def find_peer(scope: Scope) -> Address | None:
    """Give the address that connects: the client's, or that of a proxy."""
    return read_address(scope["client"][0]) if scope.get("client") else None


def read_address(text: str) -> Address | None:
    """Read an address as a proxy may write it: in quotes, with a port, mapped into IPv6; None if it is none.

    >>> read_address('"[::ffff:192.0.2.1]:443"')
    IPv4Address('192.0.2.1')
    """
    bare = _drop_port(text.strip().strip('"'))
    try:
        found = ipaddress.ip_address(bare.partition("%")[0] if ":" in bare else bare)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def read_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read networks that have been checked; one that is mapped into IPv6 becomes what it is, as addresses do."""
    return tuple(_unmap(ipaddress.ip_network(text, strict=False)) for text in texts)


def is_inside(address: Address | None, known: tuple[Network, ...]) -> bool:
    """Say whether an address lies in one of some networks; what it carries is no proof of anything here."""
    return address is not None and any(address in network for network in known)


def list_names(address: Address | None) -> tuple[str, ...]:
    """Name what is counted: the client, then the networks around it, from narrow to wide.

    >>> list_names(read_address("2001:db8:1:203::7"))
    ('2001:db8:1:203::/64', '2001:db8:1:200::/56', '2001:db8:1::/48')
    >>> list_names(read_address("64:ff9b::192.0.2.1"))
    ('192.0.2.1/32', '192.0.2.0/24')
    """
    if address is None:
        return ("unknown",)
    owner = _find_carried(address) if isinstance(address, IPv6Address) else address
    return tuple(_name_network(owner, width) for width in _WIDTHS[owner.version])


def _name_network(address: Address, width: int) -> str:
    """Name the network of so many bits that an address lies in; `ip_network` takes four times as long."""
    rest = address.max_prefixlen - width
    return f"{type(address)(int(address) >> rest << rest)}/{width}"


def _find_carried(address: IPv6Address) -> Address:
    """Find the IPv4 client whose traffic an address carries; the address itself if it carries none."""
    if address in _TEREDO:
        return IPv4Address(~int(address) & 0xFFFF_FFFF)
    behind = next((bits for network, bits in _CARRIERS if address in network), None)
    return address if behind is None else IPv4Address(int(address) >> behind & 0xFFFF_FFFF)


def _drop_port(text: str) -> str:
    """Take the port away, and brackets; "" for what only looks like an address with one."""
    if text.startswith("["):
        inside, closed, port = text[1:].partition("]")
        return inside if closed and ":" in inside and (not port or _is_port(port.removeprefix(":"))) else ""
    host, colon, port = text.partition(":")
    return host if colon and "." in host and _is_port(port) else text


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) <= 65_535


def _unmap(network: Network) -> Network:
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        return IPv4Network((int(network.network_address) & 0xFFFF_FFFF, network.prefixlen - 96))
    return network
