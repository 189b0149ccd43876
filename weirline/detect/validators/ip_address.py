"""Internet addresses, version 4 and 6: which name a host, and which one of somebody's own network.

Versions and numbers of chapters look like addresses of version 4: one with three or more parts of
one digit is refused, unless all are equal or it is a well known resolver. Masks, the unspecified,
loopback and multicast addresses tell nothing. Of version 6 an abbreviated address needs a digit
and a first group of four, or three groups, because `::` joins names in programs.
Source: RFC 791, RFC 1918, RFC 3927, RFC 4291, RFC 5952, RFC 6598.
"""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address
from typing import Final

_RESOLVERS: Final = frozenset({b"8.8.4.4", b"1.0.0.1", b"9.9.9.9"})
_MULTICAST: Final = IPv4Address("224.0.0.0")  # from here on no address is a host's
_OWN: Final = tuple(
    IPv4Network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
_LINK: Final = IPv4Network("169.254.0.0/16")


def is_public_4(value: bytes) -> bool:
    """Return whether `value` is an address of version 4 of a host on the open network."""
    address = _version_4(value)
    if address is None or _is_own(address) or address in _LINK:
        return False
    return not _looks_like_a_version(value)


def is_private_4(value: bytes) -> bool:
    """Return whether `value` is an address of version 4 kept for one's own network."""
    address = _version_4(value)
    return address is not None and _is_own(address)


def is_6(value: bytes) -> bool:
    """Return whether `value` is an address of version 6 that names a host, public or private."""
    text = value.decode("ascii", "replace").partition("%")[0]
    try:
        address = IPv6Address(text)
    except AddressValueError:
        return False
    if address.is_loopback or address.is_unspecified or address.is_multicast:
        return False
    return _is_written_out(text)


def _version_4(value: bytes) -> IPv4Address | None:
    try:
        address = IPv4Address(value.decode("ascii", "replace"))
    except AddressValueError:
        return None
    if address.is_unspecified or address.is_loopback or address >= _MULTICAST:
        return None
    return address if address.packed[0] else None


def _is_own(address: IPv4Address) -> bool:
    return any(address in network for network in _OWN)


def _looks_like_a_version(value: bytes) -> bool:
    parts = value.split(b".")
    single = sum(len(part) == 1 for part in parts)
    return single >= 3 and len(set(parts)) > 1 and value not in _RESOLVERS


def _is_written_out(text: str) -> bool:
    groups = [group for group in text.split(":") if group]
    if len(groups) == 8 or "." in text:
        return True
    has_digit = any(sign.isdigit() for sign in text)
    return has_digit and (len(groups) >= 3 or (len(groups) == 2 and len(groups[0]) == 4))
