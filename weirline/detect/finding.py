"""A finding: where a value stands and what it is, and never the value itself."""

from __future__ import annotations

import enum
from typing import NamedTuple


class Written(enum.StrEnum):
    """A way of writing text that a reader undoes, one step of several perhaps."""

    JSON = "json"  # escapes of JSON strings
    PERCENT = "percent"
    ENTITY = "entity"  # character references of HTML and XML
    SOFT = "soft"  # digits of other scripts, characters without width, other blanks and dashes
    QUOTED_PRINTABLE = "quoted_printable"
    BASE64 = "base64"
    CHARSET = "charset"  # not a superset of ASCII, as UTF-16
    PARTS = "parts"  # parts of a multipart body, each with a charset of its own


class Step(NamedTuple):
    """One step from the wire towards the text a value was found in; `charset` for CHARSET only."""

    written: Written
    charset: str = ""


Way = tuple[Step, ...]


class Finding(NamedTuple):
    """One value seen in one piece of text.

    `start` and `end` are byte offsets into the scanned text, half open. `confidence` is 0 to 1.
    The text is never kept: whoever needs it cuts it out of the body it still holds. `way` is empty
    where the bytes at hand can be masked as they stand, else it says how they are written.
    """

    detector: str
    category: str
    start: int
    end: int
    confidence: float
    way: Way = ()
