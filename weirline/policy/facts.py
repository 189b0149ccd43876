"""Facts of one exchange that selectors look at."""

from __future__ import annotations

import enum

import msgspec

from weirline.policy.who import Who


class Direction(enum.StrEnum):
    """Which of the two messages of an exchange is examined."""

    REQUEST = "request"
    RESPONSE = "response"

    # Enum's own is a Python function, and this is a key several times an exchange.
    __hash__ = str.__hash__


class Facts(msgspec.Struct, frozen=True, gc=False):
    """What is known of a message when its headers have been seen.

    Text as Envoy sent it; empty where unknown. `host` has no port and is lower case, `path` has no
    query, `content_type` is the media type alone, lower case, without parameters. `who` is None
    where no rule of the policy asks who talks to whom.
    """

    direction: Direction
    method: str = ""
    host: str = ""
    path: str = ""
    content_type: str = ""
    who: Who | None = None
