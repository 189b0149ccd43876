"""Bounds of one flow; each is a setting of the sidecar and has a counted outcome when reached."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from weirline.body.schema import Schemas
from weirline.flow.byte_budget import ByteBudget


class Tunnels(enum.StrEnum):
    """What is done with a connection that stops being HTTP."""

    UNREAD = "unread"  # passes, counted as unscanned
    WEBSOCKET = "websocket"  # WebSocket is read, everything else passes


@dataclass(frozen=True, slots=True)
class Limits:
    """All sizes are bytes.

    `envoy_buffer_bytes` must equal Envoy's per_connection_buffer_limit_bytes: a body is asked for
    whole only within it, because over it Envoy answers 500 or hangs. `hold_back_bytes` bounds what
    a stream may keep waiting; beyond it the oldest bytes are released and the flow is counted.
    `look_behind_bytes` of released text stay known, so that words before a value and the character
    next to it still count after a cut. `max_inflate_ratio` bounds what a packed body may unpack to,
    as a multiple of its bytes; `frame_bytes` one gRPC message, event or WebSocket message, which
    can be read only whole. `schemas` is no bound: what is known of the messages of gRPC methods.
    `budget` is shared by all flows that have these limits.
    """

    envoy_buffer_bytes: int = 1 << 20
    hold_back_bytes: int = 64 << 10
    look_behind_bytes: int = 256
    max_inflate_ratio: int = 100
    frame_bytes: int = 4 << 20
    tunnels: Tunnels = Tunnels.UNREAD
    schemas: Schemas = field(default_factory=Schemas)
    budget: ByteBudget = field(default_factory=lambda: ByteBudget(128 << 20))
