"""Matches who talks to whom against everything the selectors of a policy ask about it.

Two answers at once: what holds in some reading (enough for a rule to apply) and what holds in every
one and is proven (needed for an exemption). A claim of a token that nobody verified, one of several
values of a field, and a service known only by the host name hold in the first sense alone.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from urllib.parse import unquote_plus

from weirline.policy.path_template import PathIndex
from weirline.policy.who import Who, workload, workload_of_host

SEPARATOR = "\0"  # between a name and its value; neither can hold it
ANY = "*"  # any value, if the name is there at all
QUERY_FIELDS_MAX = 1000  # parameters read of one request; none after these is looked at
SPIFFE = "spiffe://"

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class PartyMatcher:
    """The bits of one end: its SPIFFE id, namespace, service, and whether it is outside."""

    __slots__ = ("_ids", "_namespaces", "_outside", "_services")

    def __init__(
        self,
        ids: Mapping[str, int],
        namespaces: Mapping[str, int],
        services: Mapping[str, int],
        outside: int,
    ) -> None:
        paths = [(spiffe_path(pattern), bit) for pattern, bit in ids.items()]
        self._ids = PathIndex(paths) if paths else None
        self._namespaces = namespaces
        self._services = services
        self._outside = outside

    def match(self, identity: str, host: str = "") -> tuple[int, int]:
        """Return the bits that hold for an identity; without one `host` says where it leads."""
        if not identity.startswith(SPIFFE):
            namespace, service = workload_of_host(host) if host else ("", "")
            return self._outside | self._named(namespace, service), self._outside
        proven = self._named(*workload(identity))
        if self._ids is not None:
            proven |= self._ids.match(spiffe_path(identity))[1]
        return proven, proven

    def _named(self, namespace: str, service: str) -> int:
        if not namespace:
            return 0
        bits = self._namespaces.get(namespace, 0)
        return bits | self._services.get(f"{service}.{namespace}", 0)


class FieldMatcher:
    """The bits of named values: claims, header fields or query parameters."""

    __slots__ = ("_bits", "_names")

    def __init__(self, bits: Mapping[str, int]) -> None:
        self._bits = bits
        self._names = {key.partition(SEPARATOR)[0] for key in bits}

    def match(self, values: Mapping[str, tuple[str, ...]]) -> tuple[int, int]:
        """Return the bits that one value of a name meets, and those that all of them meet."""
        loose = strict = 0
        for name in self._names:
            given = values.get(name)
            if not given:
                continue
            every = some = 0
            for position, value in enumerate(given):
                bits = self._bits.get(name + SEPARATOR + value, 0)
                bits |= self._bits.get(name + SEPARATOR + ANY, 0)
                some |= bits
                every = bits if position == 0 else every & bits
            loose |= some
            strict |= every
        return loose, strict


class AddressMatcher:
    """The bits of address ranges."""

    __slots__ = ("_networks",)

    def __init__(self, bits: Mapping[str, int]) -> None:
        self._networks: list[tuple[_Network, int]] = [
            (ipaddress.ip_network(value), bit) for value, bit in bits.items()
        ]

    def match(self, address: str) -> int:
        """Return the bits of the ranges that hold an address; 0 for what is none."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return 0
        mapped = getattr(parsed, "ipv4_mapped", None)  # RFC 4291 section 2.5.5.2
        parsed = mapped if mapped is not None else parsed
        return sum(bit for network, bit in self._networks if parsed in network)


class WhoMatcher:
    """Everything a policy asks about who talks. Immutable; safe in several threads."""

    __slots__ = ("_address", "_callee", "_caller", "_claims", "_headers", "_query")

    def __init__(
        self,
        *,
        caller: PartyMatcher | None,
        callee: PartyMatcher | None,
        address: AddressMatcher | None,
        fields: tuple[FieldMatcher | None, FieldMatcher | None, FieldMatcher | None],
    ) -> None:
        """`fields` are those of claims, header fields and query parameters."""
        self._caller = caller
        self._callee = callee
        self._address = address
        self._claims, self._headers, self._query = fields

    def match(self, who: Who, host: str) -> tuple[int, int]:
        """Return the bits that hold in some reading, and those that hold in every one."""
        loose = strict = 0
        for party, identity, place in (
            (self._caller, who.caller, ""),
            (self._callee, who.callee, host),
        ):
            if party is not None:
                some, proven = party.match(identity, place)
                loose, strict = loose | some, strict | proven
        if self._address is not None:
            bits = self._address.match(who.address)
            loose, strict = loose | bits, strict | bits
        if self._claims is not None:
            some, every = self._claims.match(who.claims)
            loose, strict = loose | some, strict | (every if who.verified else 0)
        if self._headers is not None:
            some, every = self._headers.match(header_values(who.headers))
            loose, strict = loose | some, strict | every
        if self._query is not None:
            some, every = self._query.match(query_values(who.query))
            loose, strict = loose | some, strict | every
        return loose, strict


def spiffe_path(identity: str) -> str:
    """Return a SPIFFE id, or a pattern of them, as a path whose first segment is the domain."""
    return "/" + identity.removeprefix(SPIFFE)


def header_values(fields: Iterable[tuple[bytes, bytes]]) -> dict[str, tuple[str, ...]]:
    """Return the values of header fields by name in lower case, as Latin-1."""
    values: dict[str, tuple[str, ...]] = {}
    for name, value in fields:
        key = name.decode("latin-1")
        values[key] = (*values.get(key, ()), value.decode("latin-1").strip())
    return values


def query_values(query: str) -> dict[str, tuple[str, ...]]:
    """Return the values of query parameters by name, both as written and decoded."""
    values: dict[str, tuple[str, ...]] = {}
    pairs = query.split("&", QUERY_FIELDS_MAX)[:QUERY_FIELDS_MAX]
    for pair in pairs:
        name, _, value = pair.partition("=")
        key = unquote_plus(name, "latin-1")
        decoded = unquote_plus(value, "latin-1")
        given = (value,) if decoded == value else (value, decoded)
        values[key] = (*values.get(key, ()), *given)
    return values
