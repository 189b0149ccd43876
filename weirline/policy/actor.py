"""Whom a window counts for: the values of its `per`, out of the facts of a message.

Whatever a client may choose freely must not let it be somebody new at each request: what nobody
proved (an unverified token or its claims) counts for the address as well, and what is missing
counts for the address alone. Of IPv6 it is the /64, which one household has. An actor of which
nothing is known is nobody: the overflow actor's, never to be blocked.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import NamedTuple

from weirline.policy.facts import Facts
from weirline.policy.who import NOBODY, Who

IPV6_PREFIX = 64
_CLAIM = "claim:"
_BETWEEN = "\0"


class Actor(NamedTuple):
    """`text` tells actors apart, empty for nobody; `by_address` says that an address stands in."""

    text: str
    by_address: bool


def actors_of(per: Sequence[str], facts: Facts) -> tuple[Actor, ...]:
    """Return for whom a message counts: one actor, or two where the first proved nothing."""
    who = facts.who or NOBODY
    values = [_value(name, facts, who) for name in per]
    missing = any(not value for value in values)
    proven = all(_proven(name, who) for name in per)
    found: list[Actor] = []
    if not missing:
        found.append(Actor(_BETWEEN.join(values), by_address="address" in per))
    if missing or not proven:
        address = network_of(who.address)
        instead = [
            value if value and _proven(name, who) else address
            for name, value in zip(per, values, strict=True)
        ]
        text = _BETWEEN.join(("address", *instead)) if all(instead) else ""
        found.append(Actor(text, by_address=True))
    return tuple(found)


def network_of(address: str) -> str:
    """Return an IPv4 address, or the /64 of an IPv6 one; what is no address as it stands."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed) >> IPV6_PREFIX << IPV6_PREFIX, IPV6_PREFIX)))


def _proven(name: str, who: Who) -> bool:
    return who.verified or not (name == "token" or name.startswith(_CLAIM))


def _value(name: str, facts: Facts, who: Who) -> str:
    match name:
        case "token":
            return who.actor
        case "address":
            return network_of(who.address)
        case "caller":
            return who.caller
        case "callee":
            return who.callee or facts.host
        case "endpoint":
            return f"{facts.method} {facts.host}"
        case _:
            return ",".join(who.claims.get(name.removeprefix(_CLAIM), ()))
