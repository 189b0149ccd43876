r"""Text to scan, with the way from its offsets back to the wire, and of a mask back to it.

A value may be written with escapes: `\u0040` in JSON, `%40` in a form, four bytes a character in
UTF-32. It is then looked for in a view where they are undone. Views are made by C-speed calls over
the whole text; the map back is made only for a view in which something was found.

Refuses to guess: a mask that cannot be written in the place of what it hides, byte for byte, is
reported as such (`lift` returns None), never half done.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, Protocol

from weirline.detect.finding import Step, Way


class Edit(NamedTuple):
    """Bytes of the source from `source` on, `size` of them, that became `made` bytes at `start`."""

    start: int
    made: int
    source: int
    size: int


class Patch(NamedTuple):
    """Bytes that take the place of as many, from `start` on."""

    start: int
    text: bytes


class View(Protocol):
    """One reading of a text; owned by one scan."""

    @property
    def text(self) -> bytes:
        """What to scan."""
        ...

    @property
    def way(self) -> Way:
        """The steps that lead from the wire to it."""
        ...

    def to_wire(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the wire that [start, end) of `text` was made from."""
        ...

    def lift(self, patch: Patch) -> Patch | None:
        """Return how `patch` of `text` is written on the wire, None if it cannot be."""
        ...


Rewrite = Callable[[bytes, bytes], bytes | None]
"""What an escape becomes whose bytes become others: as long as it, or None."""
_ROOT: Final[Way] = ()


class Segment:
    """A text as it stands, or a view of another one in which some bytes became others.

    Between edits each byte stands for `scale` bytes of the source, written by `encode`.
    """

    __slots__ = ("_edits", "_encode", "_listed", "_rewrite", "_scale", "_source", "text", "way")

    def __init__(
        self,
        text: bytes,
        *,
        source: View | None = None,
        step: Step | None = None,
        edits: Callable[[], Iterable[Edit]] | None = None,
        rewrite: Rewrite | None = None,
        scale: int = 1,
        encode: Callable[[bytes], bytes] | None = None,
    ) -> None:
        """Without `source` it is the wire; without `edits` it has the length of its source.

        `step` names how it was made; None where it is a stage on the way to another view.
        """
        self.text = text
        self.way: Way = _ROOT
        if source is not None:
            self.way = source.way if step is None else (*source.way, step)
        self._source = source
        self._edits = edits
        self._rewrite = rewrite
        self._scale = scale
        self._encode = encode
        self._listed: tuple[list[int], list[Edit]] | None = None

    def to_wire(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the wire that [start, end) of `text` was made from.

        What became several bytes is taken whole; what became none only between two bytes of the
        span. The first call costs a walk over all edits.
        """
        if self._source is None:
            return start, end
        return self._source.to_wire(*self._to_source(start, end))

    def lift(self, patch: Patch) -> Patch | None:
        """Return how `patch` of `text` is written on the wire, None if it cannot be.

        Asterisks may take the place of an escape, one a byte; anything else is escaped again.
        """
        if self._source is None:
            return patch
        start, end = self._to_source(patch.start, patch.start + len(patch.text))
        written = self._written(patch, start)
        if written is None or len(written) != end - start:
            return None
        return self._source.lift(Patch(start, written))

    def _written(self, patch: Patch, at: int) -> bytes | None:
        if self._source is None:
            return None
        parts: list[bytes] = []
        position, stop = patch.start, patch.start + len(patch.text)
        for edit in self._between(position, stop):
            if edit.start < position or edit.start + edit.made > stop:
                return None  # half of what one escape became
            parts.append(self._plain(patch, position, edit.start))
            before = self.text[edit.start : edit.start + edit.made]
            after = patch.text[edit.start - patch.start :][: edit.made]
            escape = self._source.text[edit.source : edit.source + edit.size]
            new = escape if before == after else self._escaped(escape, after)
            if new is None:
                return None
            parts.append(new)
            position = edit.start + edit.made
        parts.append(self._plain(patch, position, stop))
        return b"".join(parts)

    def _plain(self, patch: Patch, start: int, end: int) -> bytes:
        text = patch.text[start - patch.start : end - patch.start]
        return text if self._encode is None else self._encode(text)

    def _escaped(self, escape: bytes, after: bytes) -> bytes | None:
        if not after.strip(b"*"):
            stars = b"*" * (len(escape) // self._scale)
            return stars if self._encode is None else self._encode(stars)
        return None if self._rewrite is None else self._rewrite(escape, after)

    def _between(self, start: int, end: int) -> list[Edit]:
        starts, edits = self._map()
        low = bisect_left(starts, start)
        if low and edits[low - 1].start + edits[low - 1].made > start:
            low -= 1
        # What became nothing belongs to the span only if bytes of it stand on both sides.
        while low < len(edits) and edits[low].start == start and not edits[low].made:
            low += 1
        return edits[low : bisect_left(starts, end)]

    def _to_source(self, start: int, end: int) -> tuple[int, int]:
        if self._edits is None:
            return start * self._scale, end * self._scale
        starts, edits = self._map()
        return self._from(starts, edits, start), self._until(starts, edits, end)

    def _from(self, starts: list[int], edits: list[Edit], offset: int) -> int:
        at = bisect_right(starts, offset) - 1
        if at < 0:
            return offset * self._scale
        edit = edits[at]
        beyond = offset - edit.start - edit.made
        return edit.source if beyond < 0 else edit.source + edit.size + beyond * self._scale

    def _until(self, starts: list[int], edits: list[Edit], offset: int) -> int:
        at = bisect_left(starts, offset) - 1
        if at < 0:
            return offset * self._scale
        edit = edits[at]
        beyond = max(offset - edit.start - edit.made, 0)
        return edit.source + edit.size + beyond * self._scale

    def _map(self) -> tuple[list[int], list[Edit]]:
        if self._listed is None:
            edits = [] if self._edits is None else list(self._edits())
            self._listed = [edit.start for edit in edits], edits
        return self._listed
