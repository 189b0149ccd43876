"""Counts characters in UTF-8 without decoding it: readers and editors count those, not bytes.

Every byte that does not continue a character counts, so that broken text has a count too.
"""

from __future__ import annotations

from typing import Final

CONTINUATION: Final = bytes(range(0x80, 0xC0))  # what stands in a character after its first byte


def characters(text: bytes) -> int:
    """Return how many characters begin in `text`."""
    return len(text) if text.isascii() else len(text.translate(None, CONTINUATION))
