"""A packed body: unpacked for the reader inside, packed again where something was changed.

A body that came whole and is clean leaves as the very bytes it was. A stream is packed again
throughout, because its headers have left and nobody knows yet what it holds; where no rule could
change anything it is only read, and the packed bytes go on untouched.
Source: RFC 9110 section 8.4.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Final

from weirline.body.encoding import RATIO, Coding, Decoder, Encoder
from weirline.errors import Unreadable
from weirline.flow.body_reader import BodyReader
from weirline.flow.judge import Judge
from weirline.flow.report import Unscanned

WINDOW_BYTES: Final = 16 << 20  # the largest of all codings, that of br: RFC 7932 section 9.1


class Handling(enum.Enum):
    """What may be done to a packed body."""

    READ = "read"  # no rule may change it
    REPACK = "repack"


class EncodedBody:
    """Reads a packed body; see `BodyReader`. At most `text_limit` bytes are looked at."""

    def __init__(
        self,
        codings: Sequence[Coding],
        inner: BodyReader,
        judge: Judge,
        *,
        handling: Handling,
        text_limit: int,
        max_ratio: int,
    ) -> None:
        self._codings = codings
        self._inner = inner
        self._judge = judge
        self._decoder = Decoder(codings, max_ratio=max_ratio)
        self._encoder = Encoder(codings) if handling is Handling.REPACK else None
        self._text_limit = text_limit
        self._begun = False  # something has been packed again and left
        self._passing = False
        self._owed = b""  # what waited when the reading was given up
        self._chunk = b""
        self.changes_length = handling is Handling.REPACK
        self.unwanted_fields = inner.unwanted_fields

    @property
    def text_bytes(self) -> int:
        """How many bytes were read, unpacked."""
        return self._inner.text_bytes

    @property
    def held_bytes(self) -> int:
        """How many bytes wait; one for the end of the packed stream, where that is still owed."""
        return self._inner.held_bytes + (1 if self._begun else 0)

    @property
    def window_bytes(self) -> int:
        """How many unpacked bytes are kept at most, because later ones may repeat them."""
        return min(self._inner.text_bytes, WINDOW_BYTES)

    def feed(self, chunk: bytes, *, last: bool) -> bytes | None:
        """Take packed bytes; see `BodyReader.feed`."""
        self._chunk = chunk
        if self._passing:
            return self._transcode(chunk, last=last) if self._encoder is not None else None
        if last and not self._begun:
            return self._whole(chunk)
        out = [self._packed(self._read(piece)) for piece in self._decoder.pieces(chunk)]
        if last:
            self._note_end()
            out.append(self._packed(self._inner.feed(b"", last=True) or b""))
        self._begun = not last
        return self._sealed(out, last=last)

    def salvage(self) -> bytes | None:
        """Return the packed chunk, if nothing of the stream has left packed again."""
        return None if self._begun and self._encoder is not None else self._chunk

    def release(self) -> bytes:
        """Let go what waits inside, packed."""
        text = self._inner.release()
        return self._packed(text)

    def let_pass(self) -> None:
        """Look at nothing any more; what has begun to leave packed again goes on so."""
        if self._passing:
            return
        self._passing = True
        if self._begun:
            self._owed = self._inner.feed(b"", last=True) or b""
        else:
            self._encoder = None

    def _read(self, piece: bytes) -> bytes:
        released = self._inner.feed(piece, last=False)
        return piece if released is None else released

    def _whole(self, chunk: bytes) -> bytes | None:
        """Read a body that is all here: its first `text_limit` bytes, unpacked, in one piece."""
        pieces = self._decoder.pieces(chunk)
        text = bytearray()
        broken = ""  # not the error itself: it would hold this frame and all its text in a cycle
        try:
            for piece in pieces:
                text += piece
                if len(text) > self._text_limit:
                    break
            else:
                self._decoder.end()
        except Unreadable as error:
            if error.why == RATIO:
                raise
            broken = error.why
        released = self._inner.feed(bytes(text), last=True)
        if broken:
            if released is None:
                raise Unreadable(broken)
            # Clients show what they could read of it, so that is what leaves, masked.
            self._judge.unscanned(Unscanned.BROKEN)
        if released is None or self._encoder is None:
            return None
        out = [self._encoder.feed(released), *map(self._packed, pieces)]
        return self._sealed(out, last=True)

    def _note_end(self) -> None:
        try:
            self._decoder.end()
        except Unreadable:  # all that came has been read, so the end alone is missing
            self._judge.unscanned(Unscanned.BROKEN)

    def _transcode(self, chunk: bytes, *, last: bool) -> bytes | None:
        owed, self._owed = self._owed, b""
        out = [self._packed(owed), *map(self._packed, self._decoder.pieces(chunk))]
        return self._sealed(out, last=last)

    def _packed(self, text: bytes) -> bytes:
        """Pack at once: unpacked, a chunk may be a hundred times its size."""
        return self._encoder.feed(text) if self._encoder is not None and text else b""

    def _sealed(self, out: list[bytes], *, last: bool) -> bytes | None:
        if self._encoder is None:
            return None
        if last:
            out.append(self._encoder.finish(b""))
        return b"".join(out)
