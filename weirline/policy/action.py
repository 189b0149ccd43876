"""Actions as they are written: what a rule does with the values it finds.

Source of the bounds on kept characters: PCI DSS 3.2.1 requirement 3.3, the first six and the last
four digits are the most that may be shown of a card number.
"""

from __future__ import annotations

import enum
from typing import Annotated, Literal

import msgspec

KEEP_FIRST_MAX = 6
KEEP_LAST_MAX = 4
BLOCK_BODY_MAX_BYTES = 16 << 10
STATUS_MIN = 400
STATUS_MAX = 599
GRPC_STATUS_MAX = 16  # google.rpc.Code
PERMISSION_DENIED = 7
REQUESTS_MAX = 1_000_000


class MaskAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mask of the same length; characters kept are counted without separators."""

    keep_first: Annotated[
        int, msgspec.Meta(extra_json_schema={"minimum": 0, "maximum": KEEP_FIRST_MAX})
    ] = 0
    keep_last: Annotated[
        int, msgspec.Meta(extra_json_schema={"minimum": 0, "maximum": KEEP_LAST_MAX})
    ] = 0


class HashAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A keyed hash of the same length: equal values stay equal, and nobody can guess them back."""


class RemoveAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Nothing in the value's place; a bare JSON number becomes null."""


Replacement = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[A-Za-z0-9_.()\[\]*:-]{1,64}$",
        description="1 to 64 letters, digits and _ . ( ) [ ] * : -, which no format escapes.",
        examples=["[card]"],
    ),
]


class RedactAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a value is made unreadable: exactly one of the fields is given."""

    mask: MaskAction | None = None
    replace: Replacement | None = None
    hash: HashAction | None = None
    remove: RemoveAction | None = None


class BlockAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The answer the client gets in place of the message.

    `body` is sent as it stands, as application/json where it is JSON, else as text/plain; without
    it one fixed text is sent that says nothing about what was found. A client that speaks gRPC gets
    `grpc_status` (google.rpc.Code, without it 7, PERMISSION_DENIED).
    """

    status: Annotated[
        int, msgspec.Meta(extra_json_schema={"minimum": STATUS_MIN, "maximum": STATUS_MAX})
    ] = 403
    body: str | None = None
    grpc_status: Annotated[
        int, msgspec.Meta(extra_json_schema={"minimum": 1, "maximum": GRPC_STATUS_MAX})
    ] = PERMISSION_DENIED


class TokeniseAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A stand-in of the same length and alphabet, equal for equal values; `key` names whose.

    Stand-ins under two names differ, so what one receiver learns says nothing to another.
    """

    key: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_-]{0,62}$")] = "default"


class AlertAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Counts the match as one that people want to hear of; `to` names who, for your own alarms."""

    to: tuple[str, ...] = ()


class Per(enum.StrEnum):
    """What a limit or a window is kept for, each value of it apart."""

    TOKEN = "token"  # noqa: S105 - a word; who the token stands for, else the address
    ADDRESS = "address"
    CALLER = "caller"
    CALLEE = "callee"
    ENDPOINT = "endpoint"  # method and host, within what the rule selects


Duration = Annotated[
    str,
    msgspec.Meta(
        pattern="^[1-9][0-9]{0,5}(s|m|h|d)$",
        description="A whole number and s, m, h or d.",
        examples=["1m"],
    ),
]


class RateLimitAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """At most so many requests in so much time; beyond, status 429 with Retry-After."""

    requests: Annotated[int, msgspec.Meta(ge=1, le=REQUESTS_MAX)]
    per: Duration
    by: Per = Per.TOKEN


HeaderName = Annotated[
    str,
    msgspec.Meta(
        pattern="^x-[a-z0-9-]{1,60}$", description="A header of your own: x- and a-z, 0-9, -."
    ),
]
HeaderText = Annotated[
    str,
    msgspec.Meta(
        pattern="^[ -z|~{}]{1,200}$",
        description="Text; `{kinds}` is what was found, `{rule}` the id of the rule.",
    ),
]


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One action: exactly one of its fields is given."""

    redact: RedactAction | None = None
    tokenise: TokeniseAction | None = None
    block: BlockAction | None = None
    alert: AlertAction | None = None
    tag_header: dict[HeaderName, HeaderText] | None = None
    rate_limit: RateLimitAction | None = None


Action = Literal["observe", "alert"] | Change
