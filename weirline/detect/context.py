"""Words near a value, which make a candidate more or less likely to be the real thing.

Names of JSON keys, form fields, columns and headers stand right before their values, so the bytes
before a value are searched as they are, and `_`, `-`, digits and a change of case part words:
`card` stands in `cardNumber` and `CARD_NO`, not in `discard`. Substring search would find `lic` in
`public`; that is what this refuses.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from typing import Final

from weirline.detect.detector import Context

# A letter on the other side ends no word, unless the case says that a new word begins there.
_BEGIN: Final = r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]))"
_END: Final = r"(?:(?![A-Za-z])|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]))"
_BETWEEN: Final = r"[ \t_.\-]{0,2}"


class Nearby(enum.Enum):
    """What the words before a candidate say of it."""

    NOTHING = "nothing"
    SUPPORT = "support"
    AGAINST = "against"


class ContextWords:
    """The words of one `Context`, compiled. Immutable."""

    __slots__ = ("_against", "_reach", "_words")

    def __init__(self, context: Context) -> None:
        self._words = _any_of(context.words)
        self._against = _any_of(context.against)
        self._reach = context.within

    def look(self, data: bytes, start: int) -> Nearby:
        """Say which words stand before offset `start`; a word against outweighs the others.

        Costs about 2 us: a search of at most `within` bytes, linear, as no pattern repeats freely.
        """
        # One byte more on the far side: a word cut there is seen to be cut.
        window = data[max(start - self._reach - 1, 0) : start]
        if self._against is not None and self._against.search(window):
            return Nearby.AGAINST
        if self._words is not None and self._words.search(window):
            return Nearby.SUPPORT
        return Nearby.NOTHING


def _any_of(words: Sequence[str]) -> re.Pattern[bytes] | None:
    if not words:
        return None
    joined = "|".join(_word(word) for word in words)
    return re.compile(f"{_BEGIN}(?i:{joined}){_END}".encode())


def _word(word: str) -> str:
    return _BETWEEN.join(re.escape(part) for part in word.split())
