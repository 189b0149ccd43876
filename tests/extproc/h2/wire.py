"""A client of the `h2` package against a compiled session: bytes over, bytes back, no socket."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import (
    DataReceived,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    TrailersReceived,
)
from hyperframe.frame import Frame, GoAwayFrame, HeadersFrame, SettingsFrame

from extproc.h2 import _nghttp2 as nghttp2
from extproc.h2.grpc_fields import PATH, new_session
from extproc.h2.limits import Limits

LIMITS = Limits(message=1 << 20, streams=100)
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
REQUEST = (
    (":method", "POST"),
    (":scheme", "http"),
    (":path", PATH.decode()),
    (":authority", "sidecar"),
    ("te", "trailers"),
    ("content-type", "application/grpc"),
)


def framed(*messages: bytes, flag: int = 0) -> bytes:
    """Messages as gRPC puts them into DATA."""
    return b"".join(struct.pack(">BI", flag, len(each)) + each for each in messages)


def unframed(data: bytes) -> list[bytes]:
    """The messages in whole DATA of a stream."""
    messages = []
    while data:
        flag, size = struct.unpack(">BI", data[:5])
        assert flag == 0
        messages.append(data[5 : 5 + size])
        assert len(messages[-1]) == size
        data = data[5 + size :]
    return messages


def request(**changes: str) -> list[tuple[str, str]]:
    """The fields of a good request with some replaced; an empty text leaves one out."""
    named = {**dict(REQUEST), **{name.replace("_", "-"): text for name, text in changes.items()}}
    if "method" in named:
        named[":method"] = named.pop("method")
    if "path" in named:
        named[":path"] = named.pop("path")
    return [(name, text) for name, text in named.items() if text]


@dataclass(slots=True)
class Got:
    """What the client has of one stream."""

    headers: dict[str, str] = field(default_factory=dict)
    data: bytes = b""
    trailers: dict[str, str] = field(default_factory=dict)
    ended: bool = False
    reset: int | None = None


class Frames:
    """A session told bytes as they are; what it says is kept as frames, in `said`."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.session = new_session(limits)
        self.events: list[nghttp2.Event] = []
        self.said: list[Frame] = []
        self.feed(PREFACE + SettingsFrame(0).serialize())

    def feed(self, *parts: bytes) -> list[nghttp2.Event]:
        """Hand bytes over in one read; return the events they made."""
        data = b"".join(parts)
        events = self.session.receive(data, len(data))
        self.events += events
        self.back()
        return events

    def back(self) -> None:
        """Read what the session has to say."""
        while out := self.session.take():
            while out:
                frame, size = Frame.parse_frame_header(memoryview(out)[:9])
                frame.parse_body(memoryview(out)[9 : 9 + size])
                self.said.append(frame)
                out = out[9 + size :]

    def of(self, kind: int) -> list[tuple[int, object]]:
        """Stream and payload of every event of one kind."""
        return [(stream, payload) for each, stream, payload in self.events if each == kind]

    def goaways(self) -> list[tuple[int, int]]:
        """Last stream and code of every GOAWAY."""
        return [
            (each.last_stream_id, each.error_code)
            for each in self.said
            if isinstance(each, GoAwayFrame)
        ]


def flagged(frame: Frame, *flags: str) -> bytes:
    """The bytes of a frame with flags set."""
    for flag in flags:
        frame.flags.add(flag)
    return frame.serialize()


def opening(number: int, fields: Sequence[tuple[str, str]] = REQUEST) -> bytes:
    """HEADERS that open a stream, compressed without a table."""
    block = b"".join(
        b"\x10" + _text(name) + _text(text) for name, text in fields
    )  # never indexed: RFC 7541 section 6.2.3
    return flagged(HeadersFrame(number, block), "END_HEADERS")


def _text(text: str) -> bytes:
    assert len(text) < 127
    return bytes([len(text)]) + text.encode()


class Wire:
    """Both ends. `events` are the session's; `got` is by stream."""

    def __init__(self, limits: Limits = LIMITS, *, window: int | None = None) -> None:
        self.session = new_session(limits)
        self.client = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        self.events: list[nghttp2.Event] = []
        self.got: dict[int, Got] = {}
        self.reads = True  # whether the client gives its own window back
        self.client.initiate_connection()
        if window is not None:
            self.client.update_settings({4: window})
        self.turn()

    def open(self, fields: Sequence[tuple[str, str]] = REQUEST, *, end: bool = False) -> int:
        """Open a stream and return its number."""
        number = self.client.get_next_available_stream_id()
        self.client.send_headers(number, list(fields), end_stream=end)
        self.got[number] = Got()
        return number

    def send(self, number: int, data: bytes, *, end: bool = False) -> None:
        """Send DATA in frames as large as allowed, with turns between where the window is full."""
        while len(data) > (room := self._room(number)):
            if room == 0:
                before = room
                self.turn()
                assert self._room(number) > before, "the window stays shut"
                continue
            self.client.send_data(number, data[:room])
            data = data[room:]
        self.client.send_data(number, data, end_stream=end)

    def _room(self, number: int) -> int:
        return min(
            self.client.local_flow_control_window(number), self.client.max_outbound_frame_size
        )

    def raw(self, data: bytes) -> list[nghttp2.Event]:
        """Hand bytes to the session as they are; return the events they made."""
        events = self.session.receive(data, len(data))
        self.events += events
        self.back()
        return events

    def turn(self) -> list[nghttp2.Event]:
        """Move everything both ends have to say; return the events that were new."""
        seen = len(self.events)
        while data := self.client.data_to_send():
            self.events += self.session.receive(data, len(data))
            self.back()
        return self.events[seen:]

    def back(self) -> bytes:
        """Move what the session has to say to the client, and return it."""
        said = b""
        while out := self.session.take():
            said += out
            for event in self.client.receive_data(out):
                self._take(event)
        return said

    def of(self, kind: int) -> list[tuple[int, object]]:
        """Stream and payload of every event of one kind."""
        return [(stream, payload) for each, stream, payload in self.events if each == kind]

    def messages(self) -> list[bytes]:
        """Every message that was handed over."""
        return [bytes(payload) for _, payload in self.of(nghttp2.EVENT_MESSAGE)]  # type: ignore[call-overload]  # bytes

    def _take(self, event: object) -> None:
        number = getattr(event, "stream_id", None)
        got = self.got.get(number or 0)
        if got is None or number is None:
            return
        if isinstance(event, ResponseReceived):
            got.headers = {str(name): str(text) for name, text in event.headers or ()}
        elif isinstance(event, DataReceived):
            got.data += event.data or b""
            if self.reads and event.flow_controlled_length:
                self.client.acknowledge_received_data(event.flow_controlled_length, number)
        elif isinstance(event, TrailersReceived):
            got.trailers = {str(name): str(text) for name, text in event.headers or ()}
        elif isinstance(event, StreamEnded):
            got.ended = True
        elif isinstance(event, StreamReset):
            got.reset = int(event.error_code or 0)


def limits(**changes: int | tuple[int, ...]) -> Limits:
    """The limits of these tests with some changed."""
    return replace(LIMITS, **changes)  # type: ignore[arg-type]  # a test's own words
