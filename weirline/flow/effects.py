"""What the flow core answers: exactly one effect for each event.

The shell translates these into ext_proc messages and adds nothing of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from weirline.flow.events import BodyMode, Header
from weirline.policy.decision import Block
from weirline.policy.facts import Direction


@dataclass(frozen=True, slots=True)
class HeaderChange:
    """Headers to remove, then headers to set (each replaces all of its name)."""

    remove: Sequence[bytes] = ()
    set: Sequence[Header] = ()


@dataclass(frozen=True, slots=True)
class ModeOverride:
    """The body modes to use from here on. Both are always given: Envoy reads unset as NONE."""

    request_body: BodyMode
    response_body: BodyMode
    request_trailers: bool
    response_trailers: bool


@dataclass(frozen=True, slots=True)
class AnswerHeaders:
    """Let headers go on, perhaps changed, perhaps with another way to send the body."""

    direction: Direction
    change: HeaderChange | None = None
    override: ModeOverride | None = None


@dataclass(frozen=True, slots=True)
class AnswerBody:
    """Let a body or a chunk go on: as it is (`body` None) or replaced."""

    direction: Direction
    body: bytes | None = None
    change: HeaderChange | None = None


@dataclass(frozen=True, slots=True)
class AnswerTrailers:
    """Let trailers go on, perhaps changed."""

    direction: Direction
    change: HeaderChange | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """Answer the client ourselves in place of what was to come; ends the exchange.

    `grpc_status` is set where the client speaks gRPC (google.rpc.Code, 7 is PERMISSION_DENIED).
    """

    block: Block
    grpc_status: int | None = None


Effect = AnswerHeaders | AnswerBody | AnswerTrailers | Refuse
