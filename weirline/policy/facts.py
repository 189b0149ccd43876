"""Facts of one exchange that selectors look at."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Direction(enum.StrEnum):
    """Which of the two messages of an exchange is examined."""

    REQUEST = "request"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a message when its headers have been seen.

    Text as Envoy sent it; empty where unknown. `host` has no port and is lower case, `path` has no
    query, `content_type` is the media type alone, lower case, without parameters.
    """

    direction: Direction
    method: str = ""
    host: str = ""
    path: str = ""
    content_type: str = ""
