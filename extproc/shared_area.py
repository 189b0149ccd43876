"""Memory that two processes look at: what one of them counts, and that it lives.

A worker writes, its supervisor reads, and what was counted is still there when the worker has died.
The area is one anonymous mapping, made before the fork: cells of eight bytes, then the names of the
series in the order of their cells, append-only. There is one writer and no lock: a cell is written
in one piece, and a name is there before the number of series says so. What a broken worker leaves
behind is read with care: a name that cannot be read ends the reading. Source: mmap(2), fork(2).
"""

from __future__ import annotations

import enum
import math
import mmap

import msgspec

Labels = tuple[str, ...]
Key = tuple[int, Labels]

CELLS = 16_384
KEY_BYTES = 2 << 20
HISTOGRAM_CELLS = 16

_BEATS, _PHASE, _SERIES, _KEYS = range(4)
_HISTOGRAM = 4
_FIRST = _HISTOGRAM + HISTOGRAM_CELLS
_CELL_BYTES = 8
_LENGTH_BYTES = 4
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Key).decode


class Phase(enum.IntEnum):
    """How far the worker is that writes an area."""

    FORKED = 0
    SERVING = 1
    LEAVING = 2


class SharedArea:
    """One process's counts, beats and phase. Made before the fork; one process writes it.

    `cells` is the whole row of cells, for a writer that cannot afford a call; `histogram` is a part
    of it. Takes 2 MiB of address space, of memory only what is used.
    """

    def __init__(self) -> None:
        memory = mmap.mmap(-1, CELLS * _CELL_BYTES + KEY_BYTES)
        whole = memoryview(memory)
        self.cells = whole[: CELLS * _CELL_BYTES].cast("d")
        self.histogram = self.cells[_HISTOGRAM:_FIRST]
        self._keys = whole[CELLS * _CELL_BYTES :]
        self._read: list[Key] = []
        self._read_bytes = 0

    def allot(self, metric: int, labels: Labels) -> int | None:
        """Return the cell of a new series, None where there is no room. Only for the writer."""
        cells, key = self.cells, _encode((metric, labels))
        number, start = int(cells[_SERIES]), int(cells[_KEYS])
        end = start + _LENGTH_BYTES + len(key)
        if _FIRST + number >= CELLS or end > KEY_BYTES:
            return None
        self._keys[start:end] = len(key).to_bytes(_LENGTH_BYTES, "little") + key
        cells[_KEYS] = end
        cells[_SERIES] = number + 1  # last: whoever reads it finds the name
        return _FIRST + number

    def series(self) -> list[tuple[int, Labels, float]]:
        """Return metric, labels and value of every series, as far as they can be read."""
        self._read_names()
        cells = self.cells
        return [
            (metric, labels, cells[cell])
            for cell, (metric, labels) in enumerate(self._read, start=_FIRST)
        ]

    def beat(self) -> None:
        """Say that the writer lives."""
        self.cells[_BEATS] += 1

    @property
    def progress(self) -> float:
        """A number that rises while the writer's loop turns or messages are worked on."""
        return sum(self.histogram[:-1], self.cells[_BEATS])

    @property
    def phase(self) -> Phase:
        """How far the writer is."""
        return Phase(min(_whole(self.cells[_PHASE]), Phase.LEAVING))

    @phase.setter
    def phase(self, phase: Phase) -> None:
        self.cells[_PHASE] = phase

    def _read_names(self) -> None:
        number = min(_whole(self.cells[_SERIES]), CELLS - _FIRST)
        while len(self._read) < number:
            start = self._read_bytes + _LENGTH_BYTES
            length = int.from_bytes(self._keys[self._read_bytes : start], "little")
            try:
                self._read.append(_decode(self._keys[start : start + length]))
            except msgspec.DecodeError:
                return
            self._read_bytes = start + length


def _whole(value: float) -> int:
    return int(value) if math.isfinite(value) and value > 0 else 0
