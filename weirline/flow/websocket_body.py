"""One direction of a WebSocket connection: messages masked in place, whatever their fragments.

The fragments of a message wait for its last one; control frames do not wait. Whole messages do not
wait for the next, because a question must reach its answerer; but text that has left is remembered,
so that a value divided over two messages loses its second half. A block closes the connection with
1008 in the frame's place, and nothing more of that direction passes.
Source: see `body.websocket`.
"""

from __future__ import annotations

from weirline.body.websocket import (
    POLICY_VIOLATION,
    Opcode,
    WebSocketFrame,
    WebSocketReader,
    close_frame,
)
from weirline.errors import Unreadable
from weirline.flow.judge import Judge
from weirline.flow.limits import Limits
from weirline.scan import FlowScanner

_FIRST_BYTES = 4096  # of a message, in which a value from the one before may end


class WebSocketBody:
    """Reads one direction; see `BodyReader`."""

    changes_length = False
    # No extension may change what frames look like: no one else could read them then.
    unwanted_fields = frozenset((b"sec-websocket-extensions",))

    def __init__(self, scanner: FlowScanner, limits: Limits, judge: Judge) -> None:
        self._scanner = scanner
        self._limits = limits
        self._judge = judge
        self._frames = WebSocketReader(limits.frame_bytes)
        self._fragments: list[WebSocketFrame] = []
        self._message_bytes = 0
        self._behind = b""
        self._out: list[bytes] = []
        self._closed = False
        self._passing = False
        self.text_bytes = 0

    @property
    def held_bytes(self) -> int:
        """How many bytes wait."""
        return self._frames.held_bytes + self._message_bytes

    def feed(self, chunk: bytes, *, last: bool) -> bytes | None:
        """Take a chunk; see `BodyReader.feed`. What is unfinished at the end is dropped."""
        if self._closed:
            return b""
        if self._passing:
            return self._unread() + chunk if self.held_bytes else None
        self._out = []
        for frame in self._frames.feed(chunk):
            if not self._take(frame):
                break
        out, self._out = self._out, []
        return b"".join(out)

    def salvage(self) -> bytes | None:
        """Return the frames that were read, and what came after them as it came."""
        return b"".join(self._out) + self._unread()

    def release(self) -> bytes:
        """Let go nothing: what waits cannot be read without its rest."""
        return b""

    def let_pass(self) -> None:
        """Look at nothing any more."""
        self._passing = True

    def _unread(self) -> bytes:
        fragments, self._fragments, self._message_bytes = self._fragments, [], 0
        return b"".join(each.wire(each.payload) for each in fragments) + self._frames.rest()

    def _take(self, frame: WebSocketFrame) -> bool:
        """Take one frame; False where it was the last that is looked at."""
        if frame.opcode.is_control:
            self._out.append(frame.wire(frame.payload))
            return True
        self._fragments.append(frame)
        self._message_bytes += len(frame.head) + len(frame.payload)
        self.text_bytes += len(frame.payload)
        if (frame.opcode is Opcode.CONTINUATION) is (len(self._fragments) == 1):
            raise Unreadable("broken")
        if self._message_bytes > self._limits.frame_bytes:
            raise Unreadable("frame")
        return not frame.final or self._end_message()

    def _end_message(self) -> bool:
        fragments, self._fragments, self._message_bytes = self._fragments, [], 0
        message = b"".join(each.payload for each in fragments)
        masked = self._masked(message)
        if fragments[0].opcode is Opcode.TEXT:
            masked = self._masked_with_the_last(masked)
        if self._judge.refusal is not None:
            self._judge.closed_in_band()
            self._closed = True
            self._out.append(close_frame(POLICY_VIOLATION, masked=fragments[0].key))
            return False
        at = 0
        for each in fragments:
            self._out.append(each.wire(masked[at : at + len(each.payload)]))
            at += len(each.payload)
        return True

    def _masked(self, text: bytes) -> bytes:
        findings, capped = self._scanner.scan(text)
        return self._judge.masked(text, findings, capped)

    def _masked_with_the_last(self, message: bytes) -> bytes:
        """Mask what goes over from the messages before: only its second half is still here."""
        border = len(self._behind)
        start = message[:_FIRST_BYTES]
        if border:
            text = self._behind + start
            findings, capped = self._scanner.scan(text)
            over = [each for each in findings if each.start < border < each.end]
            masked = self._judge.masked(text, over, capped)
            if masked is not text:
                message = masked[border:] + message[_FIRST_BYTES:]
        self._behind = (self._behind + message)[-self._limits.look_behind_bytes :]
        return message
