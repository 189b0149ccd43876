"""A stream of gRPC, gRPC-Web or Connect: frame by frame, each message masked in its own length.

A frame waits only for its own rest, so nothing is held when a stream ends well. A message that was
packed is packed again if it was masked, and its frame then says the new length. What a stream ends
with in place of a whole frame is looked at as text.
Source: see `body.grpc`.
"""

from __future__ import annotations

import binascii

from weirline.body.encoding import Coding, Decoder, Encoder
from weirline.body.grpc import COMPRESSED, CONNECT_END, WEB_TRAILERS, Frame, FrameReader
from weirline.body.schema import Layout
from weirline.errors import Unreadable
from weirline.flow.judge import Judge
from weirline.flow.limits import Limits
from weirline.flow.message_text import mask_message
from weirline.flow.report import Unscanned
from weirline.scan import FlowScanner

_QUANTUM = 4  # characters of base64


class GrpcBody:
    """Reads framed messages; see `BodyReader`. `codings` are what packed messages are packed in.

    None stands for a coding that is not known. `layout` is what a descriptor says of the messages.
    """

    changes_length = True  # a packed message that was masked is packed again
    unwanted_fields: frozenset[bytes] = frozenset()

    def __init__(
        self,
        scanner: FlowScanner,
        limits: Limits,
        judge: Judge,
        *,
        codings: tuple[Coding, ...] | None,
        layout: Layout | None = None,
    ) -> None:
        self._layout = layout
        self._scanner = scanner
        self._limits = limits
        self._judge = judge
        self._codings = codings
        self._frames = FrameReader(limits.frame_bytes)
        self._out: list[bytes] = []
        self._pending: Frame | None = None
        self._passing = False
        self.text_bytes = 0

    @property
    def held_bytes(self) -> int:
        """How many bytes of an unfinished frame wait."""
        return self._frames.held_bytes

    def feed(self, chunk: bytes, *, last: bool) -> bytes | None:
        """Take a chunk; see `BodyReader.feed`."""
        waited = self._frames.held_bytes
        if self._passing:
            return self._frames.rest() + chunk if waited else None
        self._out = []
        changed = False
        for frame in self._frames.feed(chunk):
            self._pending = frame
            new = self._read(frame)
            self._pending = None
            changed = changed or new is not frame
            self._out.append(new.wire())
        if last and self._frames.held_bytes:
            self._judge.unscanned(Unscanned.BROKEN)
            rest = self._frames.rest()
            self._out.append(self._masked_text(rest))
        elif not changed and not waited and not self._frames.held_bytes:
            self._out = []
            return None
        out, self._out = self._out, []
        return b"".join(out)

    def salvage(self) -> bytes | None:
        """Return the frames that were read, and what came after them as it came."""
        pending = b"" if self._pending is None else self._pending.wire()
        return b"".join(self._out) + pending + self._frames.rest()

    def release(self) -> bytes:
        """Let go nothing: what waits cannot be read without its rest."""
        return b""

    def let_pass(self) -> None:
        """Look at nothing any more."""
        self._passing = True

    def _read(self, frame: Frame) -> Frame:
        payload = frame.payload
        if not payload:
            return frame
        self.text_bytes += len(payload)
        packed = frame.flags & COMPRESSED and payload
        if packed:
            payload = self._unpacked(payload)
        if frame.flags & (WEB_TRAILERS | CONNECT_END):
            masked = self._masked_text(payload)
        else:
            masked = mask_message(payload, self._scanner, self._judge, self._layout)
        if masked is payload:
            return frame
        return Frame(frame.flags, Encoder(self._codings or ()).finish(masked) if packed else masked)

    def _unpacked(self, payload: bytes) -> bytes:
        if not self._codings:
            raise Unreadable("encoding")
        decoder = Decoder(self._codings, max_ratio=self._limits.max_inflate_ratio)
        text = bytearray()
        for piece in decoder.pieces(payload):
            text += piece
            if len(text) > self._limits.frame_bytes:
                raise Unreadable("frame")
        decoder.end()
        self.text_bytes += len(text)
        return bytes(text)

    def _masked_text(self, text: bytes) -> bytes:
        findings, capped = self._scanner.scan(text)
        return self._judge.masked(text, findings, capped)


class Base64Body:
    """The same in base64, as gRPC-Web sends it to browsers: segments, each with its padding."""

    changes_length = True
    unwanted_fields: frozenset[bytes] = frozenset()

    def __init__(self, inner: GrpcBody) -> None:
        self._inner = inner
        self._begun = b""  # fewer characters than make whole bytes
        self._undecoded = b""

    @property
    def held_bytes(self) -> int:
        """How many bytes wait."""
        return self._inner.held_bytes + len(self._begun)

    @property
    def text_bytes(self) -> int:
        """How many bytes were read, decoded."""
        return self._inner.text_bytes

    def feed(self, chunk: bytes, *, last: bool) -> bytes | None:
        """Take a chunk; see `BodyReader.feed`."""
        begun, self._begun = self._begun, b""
        text = begun + chunk
        if not last:
            whole = len(text) - len(text) % _QUANTUM
            text, self._begun = text[:whole], text[whole:]
        self._undecoded = text
        decoded = _segments(text)
        self._undecoded = b""
        released = self._inner.feed(decoded, last=last)
        if released is None:
            return None if not begun and not self._begun else text
        return binascii.b2a_base64(released, newline=False) if released else b""

    def salvage(self) -> bytes | None:
        """Return what the frames inside have left, in base64 again."""
        rest = self._inner.salvage() or b""
        return binascii.b2a_base64(rest, newline=False) + self._undecoded + self._begun

    def release(self) -> bytes:
        """Let go nothing: what waits cannot be read without its rest."""
        return b""

    def let_pass(self) -> None:
        """Look at nothing any more."""
        self._inner.let_pass()


def _segments(text: bytes) -> bytes:
    """Decode segments of base64 that each may end in padding. Raises Unreadable."""
    try:
        if b"=" not in text[:-2]:
            return binascii.a2b_base64(text, strict_mode=True)
        parts = [text[at : at + _QUANTUM] for at in range(0, len(text), _QUANTUM)]
        return b"".join(binascii.a2b_base64(part, strict_mode=True) for part in parts)
    except binascii.Error as error:
        raise Unreadable("broken") from error
