"""Actions as they are written: what a rule does with the values it finds.

Source of the bounds on kept characters: PCI DSS 3.2.1 requirement 3.3, the first six and the last
four digits are the most that may be shown of a card number.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

KEEP_FIRST_MAX = 6
KEEP_LAST_MAX = 4
BLOCK_BODY_MAX_BYTES = 16 << 10
STATUS_MIN = 400
STATUS_MAX = 599


class MaskAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mask of the same length; characters kept are counted without separators."""

    keep_first: Annotated[
        int, msgspec.Meta(extra_json_schema={"minimum": 0, "maximum": KEEP_FIRST_MAX})
    ] = 0
    keep_last: Annotated[
        int, msgspec.Meta(extra_json_schema={"minimum": 0, "maximum": KEEP_LAST_MAX})
    ] = 0


class RedactAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a value is made unreadable."""

    mask: MaskAction


class BlockAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The answer the client gets in place of the message.

    `body` is sent as it stands, as application/json where it is JSON, else as text/plain; without
    it one fixed text is sent that says nothing about what was found.
    """

    status: Annotated[
        int, msgspec.Meta(extra_json_schema={"minimum": STATUS_MIN, "maximum": STATUS_MAX})
    ] = 403
    body: str | None = None


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One action that changes traffic: exactly one of its fields is given."""

    redact: RedactAction | None = None
    block: BlockAction | None = None


Action = Literal["observe"] | Change
