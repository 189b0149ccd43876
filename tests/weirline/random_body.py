"""Short random bodies that come close to values: whole ones, broken ones, pieces, escapes."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from random import Random
from urllib.parse import quote, quote_plus

from weirline.specimen.specimen import Specimen

LONGEST = 512
_FILL = (
    b" ", b"\n", b'"', b'": "', b",", b"=", b"&", b":", b"<td>", b"</td>", b"@", b"-", b".", b"/",
    b"{", b"}", b"[", b"\t", b"x", b"7", b"a.b", b"2024-05-01T10:20:30Z", b"12.50", b"\\n", b"%",
    b"\xc3\xa9", b"\xe2\x80\x8b", b"\x00", b"\xff", b"id", b"number", b"Bearer ", b"://", b"_",
)  # fmt: skip


def random_body(rng: Random, kinds: Sequence[Specimen]) -> bytes:
    """Return a body of at most LONGEST bytes with values of `kinds`, or nearly so, in it."""
    parts: list[bytes] = []
    for _ in range(rng.randrange(1, 14)):
        parts.append(_written(rng, _piece(rng, rng.choice(kinds))))
        if rng.random() < 0.6:
            parts.append(rng.choice(_FILL))
    return b"".join(parts)[:LONGEST]


def _piece(rng: Random, kind: Specimen) -> bytes:
    match rng.randrange(9):
        case 0 | 1:
            return kind.key.encode() + rng.choice((b": ", b"=", b'":"', b" ")) + kind.valid(rng)
        case 2:
            return kind.valid(rng)
        case 3:
            return kind.key.encode() + rng.choice((b": ", b"=", b'":"')) + kind.broken(rng)
        case 4:
            return _mangled(rng, kind.valid(rng))
        case 5:
            return kind.key.encode()
        case 6:
            return b"".join(b"%d" % rng.randrange(10) for _ in range(rng.randrange(1, 24)))
        case 7:
            return rng.randbytes(rng.randrange(1, 12))
        case _:
            return b"".join(rng.choice(_FILL) for _ in range(rng.randrange(1, 6)))


def _mangled(rng: Random, value: bytes) -> bytes:
    """Change a byte, leave one out, double one, or cut the value."""
    at = rng.randrange(len(value))
    match rng.randrange(4):
        case 0:
            return value[:at] + rng.choice((b"0", b"a", b"Z", b" ", b"-")) + value[at + 1 :]
        case 1:
            return value[:at] + value[at + 1 :]
        case 2:
            return value[:at] + value[at : at + 1] + value[at:]
        case _:
            return value[:at]


def _written(rng: Random, piece: bytes) -> bytes:
    text = piece.decode("latin-1")
    match rng.randrange(12):
        case 0:
            return json.dumps(text)[1:-1].encode()
        case 1:
            return quote(text).encode()
        case 2:
            return quote_plus(text).encode()
        case 3:
            return base64.b64encode(piece)
        case 4:
            return "".join(f"&#{ord(one)};" for one in text[:40]).encode()
        case _:
            return piece
