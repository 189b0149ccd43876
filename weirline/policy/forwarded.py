"""Reads who called a gateway out of `x-forwarded-client-cert`, where the gateway is trusted to say.

Anybody can write the header. What counts of it is only what a gateway wrote whose certificate
Envoy verified on the connection it came by: each proxy appends what it verified of its own peer, so
the elements are read from the right, and the first that names no trusted gateway is the caller.
What cannot be read, or names more than one, is nobody. Source: Envoy's documentation of
x-forwarded-client-cert; SPIFFE X.509-SVID section 2 (one URI a certificate).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from weirline.policy.path_template import PathIndex
from weirline.policy.who_atom import SPIFFE, spiffe_path

HEADER = b"x-forwarded-client-cert"
LONGEST_BYTES = 16 << 10  # of the header; longer ones are not read
MOST_ELEMENTS = 32

_VALUE = r'(?:"(?:[^"\\]|\\.)*"|[^",;]*)'
_PAIR = re.compile(rf"\s*([A-Za-z]+)=({_VALUE})\s*")


class Gateways:
    """The peers that are believed when they say who called them. Immutable."""

    __slots__ = ("_trusted",)

    def __init__(self, patterns: Sequence[str]) -> None:
        """`patterns` are SPIFFE ids; `*` is a whole segment, `**` at the end the rest."""
        self._trusted = PathIndex([(spiffe_path(pattern), 1) for pattern in patterns])

    def trusts(self, identity: str) -> bool:
        """Say whether an identity that was verified is one of them, in every reading of it."""
        return identity.startswith(SPIFFE) and bool(self._trusted.match(spiffe_path(identity))[1])

    def caller(self, fields: Iterable[tuple[bytes, bytes]]) -> str:
        """Return who called the gateway that a request came from; empty where nobody proved it."""
        text = b",".join(value for name, value in fields if name == HEADER)
        if not text or len(text) > LONGEST_BYTES:
            return ""
        elements = list(_elements(text.decode("latin-1")))
        for element in reversed(elements[-MOST_ELEMENTS:]):
            if element is None or len(element) != 1:
                return ""
            if not self.trusts(element[0]):
                return element[0]
        return ""


def _elements(text: str) -> Iterator[list[str] | None]:
    """Yield the URIs of each element, in order; None for all before what cannot be read."""
    uris: list[str] = []
    at = 0
    while True:
        pair = _PAIR.match(text, at)
        if pair is None:
            yield None
            return
        if pair[1].lower() == "uri":
            uris.append(_unquoted(pair[2]))
        at = pair.end()
        end = text[at : at + 1]
        if end in ("", ","):
            yield uris
            uris = []
        elif end != ";":
            yield None
            return
        if not end:
            return
        at += 1


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    return re.sub(r"\\(.)", r"\1", value[1:-1])
