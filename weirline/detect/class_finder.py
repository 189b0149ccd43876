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
from typing import Final, NamedTuple

import msgspec

_find: Callable[[bytes, bytes, bytes, int, int], tuple[dict[int, list[int]], dict[int, int]]] | None
try:
    from weirline.detect import _class_finder
except ImportError:
    _find = None
else:
    _find = _class_finder.find if _class_finder.is_fast() else None

_NO_HIT: Final = 0xFFFF
_NODE: Final = struct.Struct("=HHHHHH")
MOST_CLASSES: Final = 96
MOST_SEQUENCES: Final = 4096
_MOST_NODES: Final = 0xFFFE


class Filter(IntEnum):
    """What must follow where a sequence stands, beyond the sequence itself."""

    NONE = 0
    LUHN = 1  # 12 to 19 digits with the right Luhn digit, blanks and dashes between
    LUHN_WHOLE = 2  # the same, and no digit behind


class ClassSequence(NamedTuple):
    """Classes of bytes (bit n of a mask stands for byte n), and what must follow.

    `fenced` says that the first class is that of the byte before the value.
    """

    classes: tuple[int, ...]
    follows: Filter = Filter.NONE
    fenced: bool = False


class ClassProgram(msgspec.Struct, frozen=True):
    """Sequences made ready; a hit names one by its index."""

    nodes: bytes = b""
    tables: bytes = b""
    count: int = 0


class ClassHits(NamedTuple):
    """Ends of each sequence that stands in a text; `given_up` says from where on one was not told.

    The ends of one sequence ascend.
    """

    ends: dict[int, list[int]]
    given_up: dict[int, int]


class _Branch:
    """A node of the tree while it is built."""

    __slots__ = ("below", "hits")

    def __init__(self) -> None:
        self.below: dict[int, _Branch] = {}
        self.hits: list[tuple[int, ClassSequence]] = []


def available() -> bool:
    """Return whether the compiled finder is there and fast on this processor."""
    return _find is not None


def class_program(sequences: Sequence[ClassSequence]) -> ClassProgram | None:
    """Return the program that looks for `sequences`; None if they are too many for one."""
    tables: dict[int, int] = {}
    root = _Branch()
    for index, sequence in enumerate(sequences):
        branch = root
        for mask in sequence.classes:
            tables.setdefault(mask, len(tables))
            branch = branch.below.setdefault(mask, _Branch())
        branch.hits.append((index, sequence))
    nodes: list[bytes] = []
    _write(root, 0, tables, nodes)
    if len(tables) > MOST_CLASSES or len(nodes) > _MOST_NODES or len(sequences) > MOST_SEQUENCES:
        return None
    return ClassProgram(b"".join(nodes), b"".join(map(_table, tables)), len(sequences))


def find_classes(program: ClassProgram, data: bytes, most: int) -> ClassHits:
    """Return where the sequences of `program` stand in `data`, at most `most` ends of each.

    Only where `available`. Costs some 0.3 us a KiB of ordinary text.
    """
    if _find is None or not program.count:
        return ClassHits({}, {})
    return ClassHits(*_find(program.nodes, program.tables, data, program.count, most))


def _write(branch: _Branch, depth: int, tables: dict[int, int], nodes: list[bytes]) -> None:
    for mask, below in branch.below.items():
        place = tables[mask]
        for index, sequence in below.hits[1:]:  # a node tells one hit: more get nodes of their own
            nodes.append(_node(place, depth, len(nodes) + 1, index, sequence))
        at = len(nodes)
        nodes.append(b"")
        _write(below, depth + 1, tables, nodes)
        first = below.hits[0] if below.hits else (_NO_HIT, ClassSequence(()))
        nodes[at] = _node(place, depth, len(nodes), *first)


def _node(place: int, depth: int, skip: int, index: int, sequence: ClassSequence) -> bytes:
    return _NODE.pack(place, depth, skip & 0xFFFF, index, sequence.follows, sequence.fenced)


def _table(mask: int) -> bytes:
    rows = bytes(
        sum((mask >> (high << 4 | low) & 1) << high for high in range(8)) for low in range(16)
    )
    return rows + bytes((mask >> 128 & 1, 0, 0, 0))
