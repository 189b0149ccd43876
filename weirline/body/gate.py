"""Cheap questions that come before a view: could it differ from the text at all?

A clean body answers no to all of them, and they are all that it pays: a byte search each (3 us for
200 KiB), `isascii` (10 us) and one pass of the matcher for long runs of base64's letters (14 us).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from weirline.body.base64_text import ASCII_LETTERS, MARKED_PLACES, PLACES, SHORT_PLACES
from weirline.body.quoted_printable import QUOTED_PLACES
from weirline.body.soft import SOFT_PLACES
from weirline.detect.class_finder import (
    NO_HITS,
    ClassProgram,
    ClassSequence,
    available,
    class_program,
    find_classes,
)
from weirline.detect.hyperscan_matcher import HyperscanMatcher
from weirline.detect.matcher import Expression

SMALL_BYTES: Final = 4096


class Gate:
    """The compiled questions. Safe to use from several threads at once.

    The engine's are compiled when first asked, some milliseconds each.
    """

    __slots__ = ("short_base64",)

    def __init__(self) -> None:
        """Make what the class finder is asked for."""
        self.short_base64 = _quads() if available() else None

    def prepare(self) -> None:
        """Compile the engine's questions now, not when first asked: 30 ms for all."""
        for places in (SOFT_PLACES, PLACES, SHORT_PLACES, QUOTED_PLACES, MARKED_PLACES):
            _matcher(places)

    def soft(self, text: bytes) -> bool:
        """Return whether soft characters stand where they could be part of a value."""
        return not text.isascii() and _fires(SOFT_PLACES, text)

    def base64(self, text: bytes) -> bool:
        """Return whether text may be written in base64 in `text`.

        In a small one any run of letters that may stand for a short value in ASCII is taken for it;
        in a large one, where that costs too much, a short run needs a mark.
        """
        if len(text) <= SMALL_BYTES:
            if self.short_base64 is not None:
                return find_classes(self.short_base64, text, 1) is not NO_HITS
            return _fires(SHORT_PLACES, text)
        return _fires(MARKED_PLACES if b"=" in text or b";" in text else PLACES, text)

    def quoted(self, text: bytes) -> bool:
        """Return whether `text` shows that it is, or holds, quoted-printable."""
        return b"=" in text and b"\n" in text and _fires(QUOTED_PLACES, text)


def _quads() -> ClassProgram | None:
    return class_program([ClassSequence(tuple(map(_mask, ASCII_LETTERS)))], _share)


def _mask(letters: str) -> int:
    """Return the bytes of a class, written as between brackets, one bit each."""
    among = re.compile(f"[{letters}]".encode())
    return sum(1 << byte for byte in range(256) if among.match(bytes((byte,))))


def _share(mask: int) -> float:
    return mask.bit_count() / 256


@cache
def _matcher(places: tuple[str, ...]) -> HyperscanMatcher:
    return HyperscanMatcher.compile([Expression(place, caseless=False) for place in places])


def _fires(places: tuple[str, ...], text: bytes) -> bool:
    return bool(_matcher(places).hits(text, 1).ends)
