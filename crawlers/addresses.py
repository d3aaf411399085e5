"""Which network an address lies in, and whether a crawl may go there. Pure."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

_BLOCKS: tuple[tuple[str, IPv4Network | IPv6Network], ...] = tuple(
    (f"{kind} network {block}", ip_network(block))
    for kind, block in (
        ("loopback", "127.0.0.0/8"),
        ("loopback", "::1/128"),
        ("loopback", "0.0.0.0/32"),
        ("private", "10.0.0.0/8"),
        ("private", "172.16.0.0/12"),
        ("private", "192.168.0.0/16"),
        ("private", "fc00::/7"),
        ("private", "64:ff9b:1::/48"),
        ("shared", "100.64.0.0/10"),
        ("link-local", "169.254.0.0/16"),
        ("link-local", "fe80::/10"),
    )
)
_METADATA = frozenset(
    map(
        ip_address,
        ("169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254"),
    )
)
"""Where clouds hand out their machines' keys: never asked, whatever is allowed."""
_NAT64 = ip_network("64:ff9b::/96")
_COMPATIBLE = ip_network("::/96")
NEVER = "the metadata service of a cloud"
RESERVED = "a reserved network"


def block(written: str) -> str:
    """The name of the block that an address lies in; "" when it is public."""
    address = _unwrapped(ip_address(written.partition("%")[0]))
    if address in _METADATA:
        return NEVER
    for name, network in _BLOCKS:
        if address.version == network.version and address in network:
            return name
    return "" if address.is_global and not address.is_multicast else RESERVED


def refusal(written: str, allowed: Collection[str] = ()) -> str:
    """Why an address may not be asked, or "". `allowed` are names of blocks, as `block` gives them."""
    name = block(written)
    return "" if not name or (name in allowed and name not in {NEVER, RESERVED}) else name


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, where it stands for one."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return inner
        if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
