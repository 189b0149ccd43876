"""What the flow core answers: one effect for each event.

The shell translates these into ext_proc messages and adds nothing of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from weirline.flow.events import BodyMode, Header
from weirline.policy.decision import Block
from weirline.policy.facts import Direction


class HeaderChange(msgspec.Struct, frozen=True, gc=False):
    """Headers to remove, then headers to set (each replaces all of its name)."""

    remove: Sequence[bytes] = ()
    set: Sequence[Header] = ()


class ModeOverride(msgspec.Struct, frozen=True, gc=False):
    """The body modes to use from here on. Both are always given: Envoy reads unset as NONE."""

    request_body: BodyMode
    response_body: BodyMode
    request_trailers: bool
    response_trailers: bool


class AnswerHeaders(msgspec.Struct, frozen=True, gc=False):
    """Let headers go on, perhaps changed, perhaps with another way to send the body."""

    direction: Direction
    change: HeaderChange | None = None
    override: ModeOverride | None = None


class AnswerBody(msgspec.Struct, frozen=True, gc=False):
    """Let a body or a chunk go on: as it is (`body` None) or replaced."""

    direction: Direction
    body: bytes | None = None
    change: HeaderChange | None = None


class StreamBody(msgspec.Struct, frozen=True, gc=False):
    """Send bytes on in place of what came, in FULL_DUPLEX: Envoy has kept none of it.

    `end_of_stream` says that neither body nor trailers will follow; `without_message` that this end
    comes without a gRPC message, `message` that the body is one message, not to be cut, and
    `compressed` that it is packed (GRPC only). `waits` says that bytes are held back: whoever
    carries this out may ask for them (`Flow.overdue`) where nothing follows in time.
    """

    direction: Direction
    body: bytes
    end_of_stream: bool
    without_message: bool = False
    waits: bool = False
    message: bool = False
    compressed: bool = False


class AnswerTrailers(msgspec.Struct, frozen=True, gc=False):
    """Let trailers go on, perhaps changed."""

    direction: Direction
    change: HeaderChange | None = None


class Refuse(msgspec.Struct, frozen=True, gc=False):
    """Answer the client ourselves in place of what was to come; ends the exchange.

    `grpc_status` is set where the client speaks gRPC (google.rpc.Code, 7 is PERMISSION_DENIED).
    """

    block: Block
    grpc_status: int | None = None


class Several(msgspec.Struct, frozen=True, gc=False):
    """More than one answer, to be given in this order: held bytes, then the trailers after them."""

    effects: Sequence[One]


One = AnswerHeaders | AnswerBody | StreamBody | AnswerTrailers | Refuse
Effect = One | Several
