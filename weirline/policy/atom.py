"""Turns the facts of a message into one number: a bit for each thing some selector asks for.

Many messages differ in their facts and few in which selectors they meet, so the bits, not the
facts, are what scopes are cached by. That keeps the cache small whatever a client sends.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import NamedTuple

from weirline.policy.facts import Facts
from weirline.policy.path_template import PathIndex
from weirline.policy.who import NOBODY
from weirline.policy.who_atom import AddressMatcher, FieldMatcher, PartyMatcher, WhoMatcher


class AtomKind(enum.Enum):
    """Which fact an atom looks at."""

    HOST = "host"
    PATH = "path"
    METHOD = "method"
    CONTENT_TYPE = "content_type"
    CALLER_ID = "caller.spiffe"
    CALLER_NAMESPACE = "caller.namespace"
    CALLER_SERVICE = "caller.service"
    CALLER_OUTSIDE = "caller.outside"
    CALLEE_ID = "callee.spiffe"
    CALLEE_NAMESPACE = "callee.namespace"
    CALLEE_SERVICE = "callee.service"
    CALLEE_OUTSIDE = "callee.outside"
    ADDRESS = "address"
    QUERY = "query"
    HEADER = "header"
    CLAIM = "claim"


# Of one end: its id, namespace, service, whether it is outside.
CALLER_KINDS = (
    AtomKind.CALLER_ID,
    AtomKind.CALLER_NAMESPACE,
    AtomKind.CALLER_SERVICE,
    AtomKind.CALLER_OUTSIDE,
)
CALLEE_KINDS = (
    AtomKind.CALLEE_ID,
    AtomKind.CALLEE_NAMESPACE,
    AtomKind.CALLEE_SERVICE,
    AtomKind.CALLEE_OUTSIDE,
)
_CASELESS = frozenset((AtomKind.HOST, AtomKind.CONTENT_TYPE))  # RFC 9110 sections 4.2.3, 8.3.1
_HOST_MAX = 253  # RFC 1035 section 2.3.4, without the root's dot


class Atoms(NamedTuple):
    """Bits that hold: `loose` in some reading of the message, `strict` in every reading."""

    loose: int
    strict: int


class AtomIndex:
    """Hands out bits while a policy is compiled; `freeze` makes the matcher."""

    def __init__(self) -> None:
        self._bits: dict[tuple[AtomKind, str], int] = {}

    def bit(self, kind: AtomKind, value: str) -> int:
        """Return the bit of one value of one field, the same for the same value."""
        if kind in _CASELESS:
            value = value.lower()
        return self._bits.setdefault((kind, value), 1 << len(self._bits))

    def freeze(self) -> AtomMatcher:
        """Return the matcher for all bits handed out so far."""
        return AtomMatcher(self._bits)


class AtomMatcher:
    """Answers which bits the facts of a message meet. Safe in several threads.

    What it keeps is bounded by the policy: one entry for each set of its selectors that met.
    """

    __slots__ = (
        "_content_type",
        "_host",
        "_host_suffix",
        "_method",
        "_path",
        "_who",
        "_without_path",
        "content_type_bits",
    )

    def __init__(self, bits: dict[tuple[AtomKind, str], int]) -> None:
        by_kind: dict[AtomKind, dict[str, int]] = {kind: {} for kind in AtomKind}
        for (kind, value), bit in bits.items():
            by_kind[kind][value] = bit
        of = by_kind.__getitem__
        hosts = of(AtomKind.HOST)
        self._host = {host: bit for host, bit in hosts.items() if not host.startswith("*.")}
        self._host_suffix = {host[1:]: bit for host, bit in hosts.items() if host.startswith("*.")}
        paths = of(AtomKind.PATH)
        self._path = PathIndex(paths.items()) if paths else None
        self._method = of(AtomKind.METHOD)
        self._content_type = of(AtomKind.CONTENT_TYPE)
        self.content_type_bits = sum(self._content_type.values())
        self._who = who_matcher(of)
        # Without paths all readings agree, and the few sets of bits that occur are made once.
        self._without_path: dict[int, Atoms] = {}

    def match(self, facts: Facts) -> Atoms:
        """Return the bits that the facts meet; about 1 microsecond, more with many segments."""
        bits = self._method.get(facts.method, 0)
        if self._host:
            bits |= self._host.get(facts.host.removesuffix("."), 0)
        if self._host_suffix:
            bits |= self._match_suffix(facts.host.removesuffix("."))
        if self._content_type:
            content_type = facts.content_type
            bits |= self._content_type.get(content_type, 0)
            if content_type:
                bits |= self._content_type.get(content_type.partition("/")[0] + "/*", 0)
        if self._who is not None:
            return self._with_who(facts, bits, self._who)
        if self._path is None:
            atoms = self._without_path.get(bits)
            if atoms is None:
                atoms = self._without_path[bits] = Atoms(bits, bits)
            return atoms
        loose, strict = self._path.match(facts.path)
        return Atoms(bits | loose, bits | strict)

    @property
    def asks_who(self) -> bool:
        """Whether some selector asks who talks to whom."""
        return self._who is not None

    def _with_who(self, facts: Facts, bits: int, matcher: WhoMatcher) -> Atoms:
        loose, strict = (0, 0) if self._path is None else self._path.match(facts.path)
        some, every = matcher.match(facts.who or NOBODY, facts.host)
        return Atoms(bits | loose | some, bits | strict | every)

    def _match_suffix(self, host: str) -> int:
        bits = 0
        host = host[-_HOST_MAX:]
        dot = host.find(".", 1)
        while dot > 0:
            bits |= self._host_suffix.get(host[dot:], 0)
            dot = host.find(".", dot + 1)
        return bits


def who_matcher(of: Callable[[AtomKind], dict[str, int]]) -> WhoMatcher | None:
    """Return the matcher of all that is asked about who talks; None where nothing is."""
    address = of(AtomKind.ADDRESS)
    claims, headers, query = (
        FieldMatcher(bits) if (bits := of(kind)) else None
        for kind in (AtomKind.CLAIM, AtomKind.HEADER, AtomKind.QUERY)
    )
    caller, callee = _party(of, CALLER_KINDS), _party(of, CALLEE_KINDS)
    if not (address or claims or headers or query or caller or callee):
        return None
    return WhoMatcher(
        caller=caller,
        callee=callee,
        address=AddressMatcher(address) if address else None,
        fields=(claims, headers, query),
    )


def _party(
    of: Callable[[AtomKind], dict[str, int]], kinds: Sequence[AtomKind]
) -> PartyMatcher | None:
    ids, namespaces, services, outside = (of(kind) for kind in kinds)
    if not (ids or namespaces or services or outside):
        return None
    return PartyMatcher(ids, namespaces, services, sum(outside.values()))
