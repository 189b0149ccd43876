r"""Finds short sequences of byte classes, such as `\d\d\d-\d\d`, where the compiled part is built.

Digit classes are what costs in an engine made for literals: it walks an automaton through every
number of a body. The compiled finder (c/class_finder.c) maps 64 bytes at a time and costs a tenth.
Where it is not built, or the processor lacks AVX2, `available` is false and the engine runs the
detectors' triggers instead: slower, and the same findings. It refuses sequences of one byte.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from enum import IntEnum
from functools import partial
from typing import Final, NamedTuple

import msgspec

from weirline.detect.validators.card import lengths_by_beginning

Found = tuple[dict[int, list[int]], dict[int, int]]

_find: Callable[[bytes, bytes, bytes, bytes, bytes, bytes, int], Found] | None = None
_prepare: Callable[[bytes, bytes, bytes, bytes, bytes], object] | None = None
_quiet: Callable[[object, object, bytes], bool] | None = None
try:
    from weirline.detect import _class_finder
except ImportError:
    pass
else:
    if _class_finder.is_fast():
        _find, _prepare, _quiet = _class_finder.find, _class_finder.prepare, _class_finder.quiet

_NONE: Final = 0xFFFF
_GATE: Final = struct.Struct("=HHHHH")
_NODE: Final = struct.Struct("=HHHHHH")
_SEQUENCE: Final = struct.Struct("=32HBBBx")
LONGEST: Final = 32  # classes of one sequence
_MOST_CLASSES: Final = 1024
_MOST_GATES: Final = 256
_MOST_NODES: Final = 16_384
_RAREST_FIRST: Final = 2  # probes of a sequence that are chosen for their class alone
_RARE_ENOUGH: Final = 1e-4  # of the places of ordinary text that pass the probes of a sequence
_CLUSTERED: Final = 0.6  # bytes of a class stand together: each probe more tells less than the last


class Filter(IntEnum):
    """What must follow where a sequence stands, beyond the sequence itself."""

    NONE = 0
    LUHN = 1  # 12 to 19 digits with the right Luhn digit, blanks and dashes between
    LUHN_WHOLE = 2  # the same, and no digit behind
    CARD = 3  # as LUHN, and so long as cards that begin so are
    CARD_WHOLE = 4


class ClassSequence(NamedTuple):
    """Classes of bytes (bit n of a mask stands for byte n), and what must follow.

    `fenced` says that the first class is that of the byte before the value.
    """

    classes: tuple[int, ...]
    follows: Filter = Filter.NONE
    fenced: bool = False


class ClassProgram(msgspec.Struct, frozen=True, array_like=True):
    """Sequences made ready, as the compiled finder reads them.

    `order` gives for each hit of the finder the index of the sequence it was made of; `lengths` is
    what its filters for cards go by.
    """

    tables: bytes = b""
    gates: bytes = b""
    nodes: bytes = b""
    sequences: bytes = b""
    order: tuple[int, ...] = ()
    lengths: bytes = b""


class ClassHits(NamedTuple):
    """Ends of each sequence that stands in a text; `given_up` says from where on one was not told.

    The ends of one sequence ascend.
    """

    ends: dict[int, list[int]]
    given_up: dict[int, int]


NO_HITS: Final = ClassHits({}, {})  # of most texts; nobody may change it
Probe = tuple[int, int]  # a mask and its place in a sequence
Gate = tuple[int, int]  # a mask and how many bytes in a row must be of it
Share = Callable[[int], float]


class _Branch:
    """A node of the tree of probes while it is built."""

    __slots__ = ("below", "sequences")

    def __init__(self) -> None:
        self.below: dict[Probe, _Branch] = {}
        self.sequences: list[int] = []


class _Writer:
    """Lays gates and the trees of probes behind them out; owned by one call of `class_program`."""

    def __init__(self, sequences: Sequence[ClassSequence]) -> None:
        self._sequences = sequences
        self._classes: dict[int, int] = {}
        self._gates: list[bytes] = []
        self._passed: list[Gate] = []
        self._nodes: list[bytes] = []
        self._order: list[int] = []

    def add(self, gate: Gate, behind: _Branch) -> None:
        """Lay out a gate and what stands behind it."""
        first = len(self._nodes)
        self._write(behind, _NONE)
        mask, in_a_row = gate
        count = len(self._nodes) - first
        wider = [at for at, one in enumerate(self._passed) if _is_within((mask, in_a_row), one)]
        self._passed.append((mask, in_a_row))
        row = in_a_row if mask != _EVERY else 0
        packed = _GATE.pack(
            self._class(mask), row, first & _NONE, count & _NONE, wider[0] if wider else _NONE
        )
        self._gates.append(packed)

    def program(self) -> ClassProgram | None:
        """Return the program, None if it is too large for the finder."""
        sequences = b"".join(self._sequence(self._sequences[index]) for index in self._order)
        sizes = (len(self._classes), len(self._gates), len(self._nodes))
        if any(map(int.__gt__, sizes, (_MOST_CLASSES, _MOST_GATES, _MOST_NODES))):
            return None
        tables = b"".join(map(_table, self._classes))
        gates, nodes = b"".join(self._gates), b"".join(self._nodes)
        cards = any(one.follows >= Filter.CARD for one in self._sequences)
        lengths = lengths_by_beginning() if cards else b""
        return ClassProgram(tables, gates, nodes, sequences, tuple(self._order), lengths)

    def _write(self, branch: _Branch, above: int) -> None:
        for (mask, place), below in branch.below.items():
            here = len(self._nodes)
            first, count = len(self._order) & _NONE, len(below.sequences)
            self._nodes.append(b"")
            self._order += below.sequences
            self._write(below, here & _NONE)
            skip = len(self._nodes) & _NONE
            packed = _NODE.pack(above, skip, self._class(mask), place, first, count)
            self._nodes[here] = packed

    def _sequence(self, sequence: ClassSequence) -> bytes:
        classes = [*map(self._class, sequence.classes)]
        size = len(classes)
        return _SEQUENCE.pack(*classes, *[0] * (LONGEST - size), size, *sequence[1:])

    def _class(self, mask: int) -> int:
        return self._classes.setdefault(mask, len(self._classes)) & _NONE


def available() -> bool:
    """Return whether the compiled finder is there and fast on this processor."""
    return _find is not None


def class_program(sequences: Sequence[ClassSequence], share: Share) -> ClassProgram | None:
    """Return the program that looks for `sequences`; None if they are too many for one.

    `share` says how many of the bytes of ordinary text are of a class, 0 to 1: what is rare is
    asked for first.
    """
    behind: dict[Gate, list[int]] = {}
    for index, sequence in enumerate(sequences):
        behind.setdefault(_gate(sequence.classes, share), []).append(index)
    writer = _Writer(sequences)
    # Wide classes and short rows first: where they are closed, those within them are.
    for gate, indices in sorted(
        behind.items(), key=lambda one: (-one[0][0].bit_count(), one[0][1])
    ):
        root = _Branch()
        for index in indices:
            branch = root
            for probe in _probes(sequences[index].classes, share):
                branch = branch.below.setdefault(probe, _Branch())
            branch.sequences.append(index)
        writer.add(gate, root)
    return writer.program()


def find_classes(program: ClassProgram, data: bytes, most: int) -> ClassHits:
    """Return where the sequences of `program` stand in `data`, at most `most` ends of each.

    Only where `available`. Costs some 0.3 us a KiB of ordinary text.
    """
    if _find is None or not program.order:
        return NO_HITS
    tables, gates, nodes = program.tables, program.gates, program.nodes
    ends, given_up = _find(tables, gates, nodes, program.sequences, program.lengths, data, most)
    if not ends and not given_up:
        return NO_HITS
    order = program.order
    return ClassHits(
        {order[hit]: found for hit, found in ends.items()},
        {order[hit]: place for hit, place in given_up.items()},
    )


def quiet_check(one: ClassProgram, other: ClassProgram) -> Callable[[bytes], bool] | None:
    r"""Return what says whether nothing of either program stands in a text, None if not available.

    And whether none of `\\ % & + =` does, nor NUL or a byte that is not ASCII: a text without them
    has no other reading. It costs 0.5 us and 0.3 us a KiB.
    """
    if _prepare is None or _quiet is None:
        return None
    first = _prepare(one.tables, one.gates, one.nodes, one.sequences, one.lengths)
    second = _prepare(other.tables, other.gates, other.nodes, other.sequences, other.lengths)
    return partial(_quiet, first, second)


def _gate(classes: Sequence[int], share: Share) -> Gate:
    """Return the gate of a sequence: the first that is closed in nearly all ordinary text.

    There are few of them, because each costs its own map: so many bytes in a row of a wide class,
    one byte of a rare one, or the gate that is always open.
    """
    for wide, rows in _WIDE:
        row = longest = 0
        for mask in classes:
            row = row + 1 if not mask & ~wide else 0
            longest = max(longest, row)
        for least in rows:
            if longest >= least:
                return wide, least
    rarest = min(classes, key=share)
    return (rarest, 1) if share(rarest) <= _RARE_BYTE else (_EVERY, 1)


def _is_within(gate: Gate, wider: Gate) -> bool:
    """Whether `gate` is closed wherever `wider` is."""
    return wider[0] != _EVERY and not gate[0] & ~wider[0] and gate[1] >= wider[1]


def _mask(letters: bytes) -> int:
    return sum(1 << byte for byte in letters)


_RARE_BYTE: Final = 0.001
_EVERY: Final = (1 << 256) - 1
_DIGITS: Final = _mask(b"0123456789")
_CAPITALS: Final = _mask(bytes(range(65, 91)))
_SMALL: Final = _mask(bytes(range(97, 123)))
_HEX: Final = _mask(b"0123456789abcdefABCDEF")
# Classes, and how many bytes in a row of each ordinary text seldom has: words are shorter, dates
# and times have other signs between their parts, the longest part of a UUID is twelve.
_WIDE: Final = (
    (_DIGITS | _mask(b" ./()+-"), (15, 11, 9)),
    (_DIGITS | _CAPITALS, (9,)),
    (_DIGITS | _CAPITALS | _mask(b" -"), (11,)),
    (_DIGITS | _SMALL, (15,)),
    (_DIGITS | _CAPITALS | _SMALL, (15,)),
    (_HEX | _mask(b":."), (11,)),
)


def _probes(classes: Sequence[int], share: Share) -> list[Probe]:
    """Return the classes of a sequence that are probed, and where: as few as make it rare.

    The rarest first, then such as lie far from all others.
    """
    left = sorted(range(len(classes)), key=lambda place: share(classes[place]))
    places: list[int] = []
    passing = 1.0
    while left and passing > _RARE_ENOUGH:
        if len(places) < _RAREST_FIRST:
            place = left[0]
        else:
            place = max(left, key=lambda one: min(abs(one - taken) for taken in places))
        left.remove(place)
        places.append(place)
        passing *= share(classes[place]) ** _CLUSTERED
    return [(classes[place], place) for place in places]


def _table(mask: int) -> bytes:
    rows = bytes(
        sum((mask >> (high << 4 | low) & 1) << high for high in range(8)) for low in range(16)
    )
    return rows + bytes((mask >> 128 & 1, 0, 0, 0))
