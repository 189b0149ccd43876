"""Which wrapping a body's text stands in, by its media type.

Only what cannot be read as plain text is named here: JSON, GraphQL, JSON-RPC, forms, XML and all
the rest are text to the scanner. An unknown type is text, so that a wrong type hides nothing.
Source: gRPC over HTTP/2 and gRPC-Web (grpc/doc/PROTOCOL-HTTP2.md, PROTOCOL-WEB.md); the Connect
protocol's reference; HTML Living Standard section 9.2; RFC 6455.
"""

from __future__ import annotations

import enum
from functools import lru_cache


class BodyFormat(enum.Enum):
    """How the text of a body is wrapped."""

    TEXT = "text"
    PROTOBUF = "protobuf"  # one message without a frame
    GRPC = "grpc"  # messages behind five bytes of flag and length
    GRPC_WEB = "grpc_web"  # the same, trailers in a frame of their own
    GRPC_WEB_TEXT = "grpc_web_text"  # the same in base64
    CONNECT = "connect"  # the same frames, the end of the stream in JSON
    EVENTS = "events"  # server-sent events
    LINES = "lines"  # one JSON text a line
    WEBSOCKET = "websocket"

    # Enum's own is a Python function, and this is a key once a body.
    __hash__ = object.__hash__

    @property
    def streams(self) -> bool:
        """Whether its parts are meant to arrive one by one, so that none may wait for the last."""
        return self not in _WHOLE

    @property
    def framed(self) -> bool:
        """Whether its parts say how long they are, so that nothing is held at its end."""
        return self in _FRAMED


_FRAMED = frozenset(
    (
        BodyFormat.GRPC,
        BodyFormat.GRPC_WEB,
        BodyFormat.GRPC_WEB_TEXT,
        BodyFormat.CONNECT,
        BodyFormat.WEBSOCKET,
    )
)
_WHOLE = frozenset((BodyFormat.TEXT, BodyFormat.PROTOBUF))
_EXACT = {
    "application/proto": BodyFormat.PROTOBUF,
    "application/protobuf": BodyFormat.PROTOBUF,
    "application/x-protobuf": BodyFormat.PROTOBUF,
    "application/vnd.google.protobuf": BodyFormat.PROTOBUF,
    "text/event-stream": BodyFormat.EVENTS,
    "application/x-ndjson": BodyFormat.LINES,
    "application/ndjson": BodyFormat.LINES,
    "application/jsonl": BodyFormat.LINES,
    "application/x-jsonlines": BodyFormat.LINES,
    "application/jsonlines": BodyFormat.LINES,
}
# The longest first: one is the beginning of another.
_BEGINNINGS = (
    ("application/grpc-web-text", BodyFormat.GRPC_WEB_TEXT),
    ("application/grpc-web", BodyFormat.GRPC_WEB),
    ("application/grpc", BodyFormat.GRPC),
    ("application/connect+", BodyFormat.CONNECT),
)


@lru_cache(maxsize=512)
def format_of(media_type: str) -> BodyFormat:
    """Return the format of a media type: lower case, without parameters; TEXT for all others."""
    exact = _EXACT.get(media_type)
    if exact is not None:
        return exact
    for beginning, format_ in _BEGINNINGS:
        if media_type.startswith(beginning):
            return format_
    return BodyFormat.TEXT
