"""Protobuf without its descriptor: the texts and numbers of a message, by wire types alone.

A length-delimited field may be a text, a message, a packed list or plain bytes, and only a
descriptor could say which; so every reading that fits is given, and none is trusted to be the only
one. What does not parse is one text as it stands. Masks keep each leaf's length, so no length
around it changes. Eight bytes may be a double, and 17.0 has the bits of a valid card number: they
are a number only below 2**53, where a double would be smaller than 1e-307. Four bytes overlap with
ordinary floats, and zigzag cannot be told from plain varints: neither is read.
Source: Protocol Buffers, «Encoding».
"""

from __future__ import annotations

import enum
import re
from typing import Final, NamedTuple

MOST_FIELDS: Final = 100_000  # in one message; behind them its bytes are one text
DEEPEST: Final = 32  # messages in messages; deeper ones are one text
SMALLEST_NUMBER: Final = 10_000_000  # no kind of value has fewer digits, as a bare number
NO_DOUBLE: Final = 1 << 53  # eight bytes below it are hardly a double
_LONGEST_VARINT: Final = 10  # bytes
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class LeafKind(enum.Enum):
    """How a leaf is written."""

    TEXT = "text"
    VARINT = "varint"
    FIXED = "fixed"  # 8 bytes, little-endian


class Leaf(NamedTuple):
    """One text or number: where it stands, and how."""

    start: int
    end: int
    kind: LeafKind


class _Walk:
    """One walk over one message; `left` is how many fields may still be looked at."""

    __slots__ = ("data", "leaves", "left")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.leaves: list[Leaf] = []
        self.left = MOST_FIELDS

    def message(self, at: int, end: int, depth: int) -> bool:
        """Read [at, end) as fields; False, and no leaf added, where that cannot be."""
        mark = len(self.leaves)
        while at < end:
            self.left -= 1
            if self.left < 0:
                self.leaves.append(Leaf(at, end, LeafKind.TEXT))
                return True
            after = self._field(at, end, depth)
            if after < 0:
                del self.leaves[mark:]
                return False
            at = after
        return True

    def _field(self, at: int, end: int, depth: int) -> int:
        """Read one field and return where the next begins, -1 where there is none."""
        tag, at = self._varint(at, end)
        if at < 0 or tag < 8:
            return -1
        match tag & 7:
            case 0:
                value, after = self._varint(at, end)
                if after >= 0 and value >= SMALLEST_NUMBER:
                    self.leaves.append(Leaf(at, after, LeafKind.VARINT))
                return after
            case 1:
                return self._fixed(at, at + 8, end)
            case 5:
                return at + 4 if at + 4 <= end else -1
            case 2:
                size, at = self._varint(at, end)
                if at < 0 or at + size > end:
                    return -1
                if size:
                    self._delimited(at, at + size, depth)
                return at + size
            case 3 | 4:  # groups, long deprecated: their fields stand between two tags
                return at
            case _:
                return -1

    def _fixed(self, at: int, after: int, end: int) -> int:
        if after > end:
            return -1
        if SMALLEST_NUMBER <= int.from_bytes(self.data[at:after], "little") < NO_DOUBLE:
            self.leaves.append(Leaf(at, after, LeafKind.FIXED))
        return after

    def _delimited(self, at: int, end: int, depth: int) -> None:
        nested = depth < DEEPEST and self.message(at, end, depth + 1)
        text = self.data[at:end]
        if nested and not _is_text(text):
            return
        self.leaves.append(Leaf(at, end, LeafKind.TEXT))
        if not nested:
            self._packed(at, end)

    def _packed(self, at: int, end: int) -> None:
        """Read [at, end) as a list of varints, if all of it is one."""
        if self.data[end - 1] & 0x80:
            return
        found = []
        while at < end:
            value, after = self._varint(at, end)
            if after < 0 or self.left < 0:
                return
            self.left -= 1
            if value >= SMALLEST_NUMBER:
                found.append(Leaf(at, after, LeafKind.VARINT))
            at = after
        self.leaves += found

    def _varint(self, at: int, end: int) -> tuple[int, int]:
        """Return the value of the varint at `at` and where it ends, -1 where it is none."""
        value = shift = 0
        for position in range(at, min(end, at + _LONGEST_VARINT)):
            byte = self.data[position]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value, position + 1
            shift += 7
        return 0, -1


def leaves(message: bytes) -> list[Leaf]:
    """Return the texts and larger numbers of a message, overlapping ones included.

    Cost: half a microsecond a field, at most MOST_FIELDS of them.
    """
    walk = _Walk(message)
    if not walk.message(0, len(message), 0):
        return [Leaf(0, len(message), LeafKind.TEXT)]
    return walk.leaves


def number(message: bytes, leaf: Leaf) -> int:
    """Return the value of a leaf that is a number."""
    raw = message[leaf.start : leaf.end]
    if leaf.kind is LeafKind.FIXED:
        return int.from_bytes(raw, "little")
    return sum((byte & 0x7F) << 7 * index for index, byte in enumerate(raw))


def write_number(value: int, leaf: Leaf) -> bytes:
    """Return `value` in as many bytes as `leaf` has; zero where it does not fit.

    Padded varints are longer than need be, which every reader takes.
    """
    size = leaf.end - leaf.start
    if leaf.kind is LeafKind.FIXED:
        return (value if value < 1 << 8 * size else 0).to_bytes(size, "little")
    if value >= 1 << 7 * size:
        value = 0
    padded = bytes(value >> 7 * index & 0x7F | 0x80 for index in range(size))
    return padded[:-1] + bytes((padded[-1] & 0x7F,))


def _is_text(data: bytes) -> bool:
    if _CONTROL.search(data) is not None:
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
