"""What can happen to one exchange, as Envoy reports it: the input of the flow core.

The ext_proc messages are translated into these by the shell; the core never sees protobuf.
Source: envoy/service/ext_proc/v3/external_processor.proto.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence

import msgspec

from weirline.policy.facts import Direction

Header = tuple[bytes, bytes]


class BodyMode(enum.Enum):
    """How Envoy hands a body over."""

    NONE = "none"
    BUFFERED = "buffered"
    BUFFERED_PARTIAL = "buffered_partial"
    STREAMED = "streamed"
    FULL_DUPLEX = "full_duplex"
    GRPC = "grpc"

    # Enum's own is a Python function, and this is a key several times an exchange.
    __hash__ = object.__hash__


class Configured(msgspec.Struct, frozen=True, gc=False):
    """How Envoy is set up, from the first message's protocol_config.

    `heeds_overrides` is False where Envoy takes no other body mode from us: when it only lets us
    watch, or sends bodies without waiting for our answer to the headers.
    """

    request_body: BodyMode
    response_body: BodyMode
    heeds_overrides: bool = True


class Headers(msgspec.Struct, frozen=True, gc=False):
    """Request or response headers, names in lower case, values as raw bytes, duplicates kept.

    `end_of_stream` means that neither body nor trailers will follow. `attributes` are the Envoy
    attributes that came with the message, by name; any may be missing.
    """

    direction: Direction
    headers: Sequence[Header]
    end_of_stream: bool
    attributes: Mapping[str, str]


class Body(msgspec.Struct, frozen=True, gc=False):
    """A whole body (BUFFERED) or one chunk of it (STREAMED); may be empty.

    In GRPC it is one message without its frame: `compressed` says what the frame's flag would, and
    `without_message` that there is none, only the end.
    """

    direction: Direction
    body: bytes
    end_of_stream: bool
    attributes: Mapping[str, str]
    compressed: bool = False
    without_message: bool = False


class Trailers(msgspec.Struct, frozen=True, gc=False):
    """Trailers; always the last message of its direction."""

    direction: Direction
    trailers: Sequence[Header]
    attributes: Mapping[str, str]


Event = Headers | Body | Trailers
