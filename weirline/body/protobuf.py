"""The texts and numbers of a protobuf message, with its descriptor or by wire types alone.

Without one, a length-delimited field may be a text, a message, a packed list or plain bytes; so
every reading that fits is given, and none is trusted to be the only one. What does not parse is one
text as it stands. Masks keep each leaf's length, so no length around it changes. Eight bytes may be
a double, and 17.0 has the bits of a valid card number: they are a number only below 2**53, where a
double would be smaller than 1e-307. Four bytes overlap with ordinary floats, and zigzag cannot be
told from plain varints: neither is read. With a descriptor (see `body.schema`) each field is what
it is said to be, and has a name; what does not fit it is read as if there were none.
Source: Protocol Buffers, «Encoding».
"""

from __future__ import annotations

import enum
import re
import struct
from typing import Final, NamedTuple

from weirline.body.schema import Field, FieldKind, Layout

MOST_FIELDS: Final = 100_000  # in one message; behind them its bytes are one text
DEEPEST: Final = 32  # messages in messages; deeper ones are one text
SMALLEST_NUMBER: Final = 10_000_000  # no kind of value has fewer digits, as a bare number
SMALLEST_NAMED: Final = 100  # where a descriptor says that it is a number, and whose
NO_DOUBLE: Final = 1 << 53  # eight bytes below it are hardly a double
_LONGEST_VARINT: Final = 10  # bytes
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class LeafKind(enum.Enum):
    """How a leaf is written."""

    TEXT = "text"
    VARINT = "varint"
    FIXED = "fixed"  # 4 or 8 bytes, little-endian
    ZIGZAG = "zigzag"
    REAL = "real"  # a float or double that is a whole number


class Leaf(NamedTuple):
    """One text or number: where it stands, and how; its name, where a descriptor says it."""

    start: int
    end: int
    kind: LeafKind
    name: bytes = b""


# How many bytes a number of each kind takes, 0 for a varint, and what it becomes.
_WIRES: Final = {0: 0, 4: 5, 8: 1}  # by width
_WIDTHS: Final = {
    FieldKind.WHOLE: 0,
    FieldKind.ZIGZAG: 0,
    FieldKind.FLAG: 0,
    FieldKind.FIXED4: 4,
    FieldKind.FLOAT: 4,
    FieldKind.FIXED8: 8,
    FieldKind.DOUBLE: 8,
}
_LEAVES: Final = {
    FieldKind.WHOLE: LeafKind.VARINT,
    FieldKind.ZIGZAG: LeafKind.ZIGZAG,
    FieldKind.FIXED4: LeafKind.FIXED,
    FieldKind.FIXED8: LeafKind.FIXED,
    FieldKind.DOUBLE: LeafKind.REAL,
    FieldKind.FLOAT: LeafKind.REAL,
}
_REALS: Final = {4: "<f", 8: "<d"}


class _Walk:
    """One walk over one message; `left` is how many fields may still be looked at."""

    __slots__ = ("data", "leaves", "left")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.leaves: list[Leaf] = []
        self.left = MOST_FIELDS

    def message(self, at: int, end: int, depth: int, layout: Layout | None = None) -> bool:
        """Read [at, end) as fields; False, and no leaf added, where that cannot be."""
        mark = len(self.leaves)
        while at < end:
            self.left -= 1
            if self.left < 0:
                self.leaves.append(Leaf(at, end, LeafKind.TEXT))
                return True
            after = self._field(at, end, depth, layout)
            if after < 0:
                del self.leaves[mark:]
                return False
            at = after
        return True

    def _field(self, at: int, end: int, depth: int, layout: Layout | None) -> int:
        """Read one field and return where the next begins, -1 where there is none."""
        tag, at = self._varint(at, end)
        if at < 0 or tag < 8:
            return -1
        field = None if layout is None else layout.get(tag >> 3)
        if field is not None:
            after = self._known(field, tag & 7, at, end, depth)
            if after:
                return after
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

    def _known(self, field: Field, wire: int, at: int, end: int, depth: int) -> int:
        """The same for a field of the descriptor; 0 where it is not what that says."""
        if wire == 2:
            size, at = self._varint(at, end)
            after = at + size
            if at < 0 or after > end:
                return 0
            return after if self._known_content(field, at, after, depth) else 0
        width = _WIDTHS.get(field.kind, -1)
        if _WIRES.get(width) != wire:
            return 0
        after = at + width if width else self._varint(at, end)[1]
        if not 0 <= after <= end:
            return 0
        self._number(field, at, after)
        return after

    def _known_content(self, field: Field, at: int, end: int, depth: int) -> bool:
        """Read what stands behind a length: a text, a message, or a packed list."""
        match field.kind:
            case FieldKind.TEXT:
                if at < end:
                    self.leaves.append(Leaf(at, end, LeafKind.TEXT, field.name))
                return True
            case FieldKind.MESSAGE:
                return depth < DEEPEST and self.message(at, end, depth + 1, field.layout)
            case FieldKind.BYTES:
                return False
            case _:
                width = _WIDTHS[field.kind]
                if at < end and _is_text(self.data[at:end]):  # not what the descriptor says
                    self.leaves.append(Leaf(at, end, LeafKind.TEXT))
                while 0 <= at < end and self.left > 0:
                    self.left -= 1
                    after = at + width if width else self._varint(at, end)[1]
                    if after <= end:
                        self._number(field, at, after)
                    at = after
                return at == end

    def _number(self, field: Field, at: int, after: int) -> None:
        kind = _LEAVES.get(field.kind)
        if kind is None or after < 0:
            return
        leaf = Leaf(at, after, kind, field.name)
        if SMALLEST_NAMED <= number(self.data, leaf) < 1 << 63:
            self.leaves.append(leaf)

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


def leaves(message: bytes, layout: Layout | None = None) -> list[Leaf]:
    """Return the texts and larger numbers of a message, overlapping ones included.

    With the `layout` of its descriptor also the smaller ones, and all of them by name.

    Cost: half a microsecond a field, at most MOST_FIELDS of them.
    """
    walk = _Walk(message)
    if not walk.message(0, len(message), 0, layout):
        return [Leaf(0, len(message), LeafKind.TEXT)]
    return walk.leaves


def number(message: bytes, leaf: Leaf) -> int:
    """Return the value of a leaf that is a number."""
    raw = message[leaf.start : leaf.end]
    match leaf.kind:
        case LeafKind.FIXED:
            return int.from_bytes(raw, "little")
        case LeafKind.REAL:
            (real,) = struct.unpack(_REALS[len(raw)], raw)
            return int(real) if 0 <= real < NO_DOUBLE and real == int(real) else 0
        case LeafKind.ZIGZAG:
            plain = _plain(raw)
            return 0 if plain & 1 else plain >> 1
        case _:
            return _plain(raw)


def _plain(raw: bytes) -> int:
    return sum((byte & 0x7F) << 7 * index for index, byte in enumerate(raw))


def write_number(value: int, leaf: Leaf) -> bytes:
    """Return `value` in as many bytes as `leaf` has; zero where it does not fit.

    Padded varints are longer than need be, which every reader takes.
    """
    size = leaf.end - leaf.start
    if leaf.kind is LeafKind.REAL:
        return struct.pack(_REALS[size], value)
    if leaf.kind is LeafKind.ZIGZAG:
        value <<= 1
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
