"""Server-sent events and lines of JSON: each scanned when it is whole, running texts joined.

An event leaves in the answer to its last byte, unless a value may have begun in a text that the
next event continues; then it waits for that, in order, within `hold_back_bytes`.
Source: see `body.events`, `body.delta`.
"""

from __future__ import annotations

from collections import deque

from weirline.body.body_format import BodyFormat
from weirline.body.delta import Channel, pieces
from weirline.body.events import PartReader, data_spans
from weirline.errors import Unreadable
from weirline.flow.judge import Judge
from weirline.flow.limits import Limits
from weirline.flow.running_text import HeldEvent, RunningText
from weirline.scan import FlowScanner

_SHORTEST = 12  # bytes; a shorter event has no running text
MOST_TEXTS = 64  # running texts at once in one stream; more are looked at event by event


class EventBody:
    """Reads a stream of events; see `BodyReader`."""

    changes_length = False
    unwanted_fields: frozenset[bytes] = frozenset()

    def __init__(
        self, scanner: FlowScanner, limits: Limits, judge: Judge, *, format_: BodyFormat
    ) -> None:
        self._scanner = scanner
        self._limits = limits
        self._judge = judge
        self._format = format_
        self._parts = PartReader(format_)
        self._texts: dict[Channel, RunningText] = {}
        self._held: deque[HeldEvent] = deque()
        self._held_bytes = 0
        self._passing = False
        self.text_bytes = 0

    @property
    def held_bytes(self) -> int:
        """How many bytes wait, for their end or for the next event."""
        return self._held_bytes + self._parts.held_bytes

    def feed(self, chunk: bytes, *, last: bool) -> bytes | None:
        """Take a chunk; see `BodyReader.feed`."""
        waited = self.held_bytes > 0
        if self._passing:
            return self._ended() + self._parts.rest() + chunk if waited else None
        self.text_bytes += len(chunk)
        self._take(list(self._parts.feed(chunk)))
        if self._parts.held_bytes > self._limits.frame_bytes:
            raise Unreadable("frame")
        if last:
            if self._parts.held_bytes:
                self._take([self._parts.rest()])
            return self._ended()
        if self._held_bytes > self._limits.hold_back_bytes:
            return self.release()
        return self._leaving()

    def release(self) -> bytes:
        """Let go every whole event that waits, decided by what is known."""
        for text in self._texts.values():
            text.let_go()
        return self._leaving()

    def salvage(self) -> bytes | None:
        """Return the events that were read, and what came after them as it came."""
        return self._ended() + self._parts.rest()

    def _ended(self) -> bytes:
        for text in self._texts.values():
            text.finish()
        return self._leaving()

    def let_pass(self) -> None:
        """Look at nothing any more."""
        self._passing = True

    def _take(self, parts: list[bytes]) -> None:
        """Scan the events of one chunk together, then follow the texts that run through them."""
        if not parts:
            return
        together = b"".join(parts)
        findings, capped = self._scanner.scan(together)
        masked = self._judge.masked(together, findings, capped)
        self._held_bytes += len(together)
        at = 0
        for part in parts:
            self._hold(masked[at : at + len(part)])
            at += len(part)

    def _hold(self, part: bytes) -> None:
        if len(part) < _SHORTEST and self._held:
            self._held[-1].wire += part  # it leaves with the one before, whatever it is
            return
        event = HeldEvent(bytearray(part))
        self._held.append(event)
        for start, end in data_spans(part, self._format):
            for piece in pieces(part[start:end]):
                text = self._text_of(piece.channel)
                if text is not None:
                    text.add(event, start + piece.start, start + piece.end)

    def _text_of(self, channel: Channel) -> RunningText | None:
        text = self._texts.get(channel)
        if text is None and len(self._texts) < MOST_TEXTS:
            text = self._texts[channel] = RunningText(
                self._scanner, self._judge, look_behind_bytes=self._limits.look_behind_bytes
            )
        return text

    def _leaving(self) -> bytes:
        out = []
        while self._held and not self._held[0].waiting:
            wire = self._held.popleft().wire
            self._held_bytes -= len(wire)
            out.append(bytes(wire))
        return b"".join(out)
