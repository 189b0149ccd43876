"""What the names of a message's fields say, whatever their values are.

Messages differ in the values of their fields and seldom in which fields they have, so what follows
from the names alone is worked out once for each list of names and kept: how the text of all fields
begins each line, and whether a field is there that has to do with the body. The keeping is bounded
by NAME_LISTS_KEPT; names that never come again cost what working them out costs, some microseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from weirline.flow.events import Header
from weirline.redact.headers import PARTIAL_ASKS, SIGNATURES, VALIDATORS

NAME_LISTS_KEPT = 1024

_UNUSUAL = frozenset(
    (
        b"host",
        b"connection",
        b"content-encoding",
        b"trailer",
        b"upgrade",
        b":protocol",
        b"grpc-encoding",
        b"connect-content-encoding",
    )
)


class FieldNames(msgspec.Struct, frozen=True, gc=False):
    """What one list of names says.

    `layout` makes a text of all values, a line a field that begins with its name, empty lines for
    pseudo-header fields;
    `path` is the index of `:path`, -1 without one; the others named `..._at` likewise.
    `validators`, `signatures` and `partial_asks` say whether a field of that kind
    (`redact.headers`) is there.
    `usual` says that no name comes twice, and none that makes a message more than plain HTTP: those
    of coded bodies, of trailers, of other protocols.
    """

    layout: bytes
    path: int
    validators: bool
    signatures: bool
    partial_asks: bool
    usual: bool = False
    status_at: int = -1
    method_at: int = -1
    host_at: int = -1
    type_at: int = -1
    length_at: int = -1


def names_of(fields: Sequence[Header]) -> FieldNames:
    """Return what the names of `fields`, in lower case, say."""
    return _work_out(next(zip(*fields, strict=True), ()))


@lru_cache(maxsize=NAME_LISTS_KEPT)
def _work_out(names: tuple[bytes, ...]) -> FieldNames:
    there = frozenset(names)
    return FieldNames(
        layout=b"".join(map(_line, names)),
        path=_at(names, b":path"),
        validators=not VALIDATORS.isdisjoint(there),
        signatures=not SIGNATURES.isdisjoint(there),
        partial_asks=not PARTIAL_ASKS.isdisjoint(there),
        usual=len(there) == len(names) and _UNUSUAL.isdisjoint(there),
        status_at=_at(names, b":status"),
        method_at=_at(names, b":method"),
        host_at=_at(names, b":authority"),
        type_at=_at(names, b"content-type"),
        length_at=_at(names, b"content-length"),
    )


def _line(name: bytes) -> bytes:
    """The line of a field as a format: `%.0b` writes nothing of its value."""
    return b"%.0b\n" if name.startswith(b":") else name.replace(b"%", b"%%") + b": %b\n"


def _at(names: tuple[bytes, ...], name: bytes) -> int:
    return names.index(name) if name in names else -1
