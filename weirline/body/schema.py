"""What protobuf messages hold, where someone who knows has said so: names and types of fields.

Made from a descriptor set by whoever can read files; without it messages are walked by wire types
alone (see `body.protobuf`). A field that the descriptor does not know, or that comes in another
wire type than it says, is read as if there were no descriptor: a wrong one hides nothing.
Source: google/protobuf/descriptor.proto; Protocol Buffers, «Encoding».
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class FieldKind(enum.Enum):
    """How the bytes of a field are to be taken."""

    TEXT = "text"
    BYTES = "bytes"  # may hold anything, so every reading is tried
    MESSAGE = "message"
    WHOLE = "whole"  # plain varint
    ZIGZAG = "zigzag"
    FIXED4 = "fixed4"  # four bytes, little-endian
    FIXED8 = "fixed8"
    FLOAT = "float"
    DOUBLE = "double"
    FLAG = "flag"  # a truth value or one of an enum: no value of any kind


class Field(NamedTuple):
    """One field: its name as the descriptor has it, its kind, and the layout of a message."""

    name: bytes
    kind: FieldKind
    layout: Layout | None = None


class Layout(dict[int, Field]):
    """The fields of one message type, by number; a message may hold itself."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Schemas:
    """The layouts of the messages of each method, by its path (`/package.Service/Method`)."""

    requests: Mapping[str, Layout] = field(default_factory=dict)
    responses: Mapping[str, Layout] = field(default_factory=dict)
