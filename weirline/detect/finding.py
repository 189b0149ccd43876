"""A finding: where a value stands and what it is, and never the value itself."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One value seen in one piece of text.

    `start` and `end` are byte offsets into the scanned text, half open. `confidence` is 0 to 1.
    The text is never kept: whoever needs it cuts it out of the body it still holds.
    """

    detector: str
    category: str
    start: int
    end: int
    confidence: float
