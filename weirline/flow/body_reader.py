"""What a flow asks of whoever reads a body that is more than text, and the reader of plain text.

A body may be packed, framed or cut into events; each wrapping is a reader of its own, and they
nest. The flow hands chunks in and sends on what comes out. Plain text that is not packed takes the
flow's own short way and needs no reader.
"""

from __future__ import annotations

from typing import Protocol

from weirline.flow.hold_back import HoldBack
from weirline.flow.judge import Judge
from weirline.flow.limits import Limits
from weirline.scan import FlowScanner


class BodyReader(Protocol):
    """Reads one body, chunk by chunk. Mutable; owned by one message."""

    @property
    def held_bytes(self) -> int:
        """How many bytes wait."""
        ...

    @property
    def text_bytes(self) -> int:
        """How many bytes have been read, unpacked."""
        ...

    @property
    def changes_length(self) -> bool:
        """Whether what leaves may be longer or shorter than what came."""
        ...

    @property
    def unwanted_fields(self) -> frozenset[bytes]:
        """Headers by which the two ends would agree on what cannot be read."""
        ...

    def feed(self, chunk: bytes, *, last: bool) -> bytes | None:
        """Take a chunk and return what leaves in its place, None for the chunk as it is.

        `last` releases everything. Raises Unreadable; then only `salvage` and `let_pass` are left.
        """
        ...

    def salvage(self) -> bytes | None:
        """Return the bytes that came and did not leave, None if they cannot be sent any more.

        To be asked after Unreadable, in place of an answer to the chunk that raised it.
        """
        ...

    def release(self) -> bytes:
        """Let go what waits only for what may follow it, decided by what is known.

        What cannot be read without its rest goes on waiting.
        """
        ...

    def let_pass(self) -> None:
        """Look at nothing from the next chunk on, and hold nothing back."""
        ...


class PlainBody:
    """Text inside another wrapping: holds back what may go on, as every stream does."""

    changes_length = False
    unwanted_fields: frozenset[bytes] = frozenset()

    def __init__(self, scanner: FlowScanner, limits: Limits, judge: Judge) -> None:
        self._hold_back = HoldBack(scanner, limits)
        self._judge = judge
        self._passing = False
        self.text_bytes = 0

    @property
    def held_bytes(self) -> int:
        """How many bytes wait."""
        return self._hold_back.held_bytes

    def feed(self, chunk: bytes, *, last: bool) -> bytes | None:
        """Take a piece of text; see `BodyReader.feed`. Never raises Unreadable."""
        if self._passing:
            return None
        self.text_bytes += len(chunk)
        waited = self._hold_back.held_bytes
        release = self._hold_back.finish(chunk) if last else self._hold_back.feed(chunk)
        text = self._judge.released(release)
        if text is release.text and not waited and release.end - release.start == len(chunk):
            return None
        return text[release.start : release.end]

    def salvage(self) -> bytes | None:
        """Return nothing: text is always readable."""
        return None

    def release(self) -> bytes:
        """Let go what waits."""
        release = self._hold_back.let_go()
        text = self._judge.released(release)
        return text[release.start : release.end]

    def let_pass(self) -> None:
        """Look at nothing any more; to be called when nothing is held."""
        self._passing = True
