"""A body that is one protobuf message without a frame: read when all of it is here.

Until then it waits, up to `frame_bytes`; a longer one cannot be read. Source: see `body.protobuf`.
"""

from __future__ import annotations

from weirline.body.schema import Layout
from weirline.errors import Unreadable
from weirline.flow.judge import Judge
from weirline.flow.limits import Limits
from weirline.flow.message_text import mask_message
from weirline.scan import FlowScanner


class ProtobufBody:
    """Reads one message; see `BodyReader`."""

    changes_length = False
    unwanted_fields: frozenset[bytes] = frozenset()

    def __init__(
        self,
        scanner: FlowScanner,
        limits: Limits,
        judge: Judge,
        *,
        layout: Layout | None = None,
    ) -> None:
        """`layout` is what a descriptor says of the message."""
        self._layout = layout
        self._scanner = scanner
        self._limits = limits
        self._judge = judge
        self._held = bytearray()
        self._passing = False
        self.text_bytes = 0

    @property
    def held_bytes(self) -> int:
        """How many bytes wait."""
        return len(self._held)

    def feed(self, chunk: bytes, *, last: bool) -> bytes | None:
        """Take a chunk; see `BodyReader.feed`."""
        if self._passing:
            return self._taken() + chunk if self._held else None
        self._held += chunk
        self.text_bytes += len(chunk)
        if len(self._held) > self._limits.frame_bytes:
            raise Unreadable("frame")
        if not last:
            return b""
        waited = len(self._held) > len(chunk)
        message = self._taken()
        masked = mask_message(message, self._scanner, self._judge, self._layout)
        return None if masked is message and not waited else masked

    def salvage(self) -> bytes | None:
        """Return all that came."""
        return self._taken()

    def release(self) -> bytes:
        """Let go nothing: what waits cannot be read without its rest."""
        return b""

    def let_pass(self) -> None:
        """Look at nothing any more."""
        self._passing = True

    def _taken(self) -> bytes:
        held = bytes(self._held)
        self._held.clear()
        return held
