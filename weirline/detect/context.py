"""Words near a value, which make a candidate more or less likely to be the real thing.

`surroundings` says which words stand where; this says what they mean for one detector. The key
right before a value has the last word, for or against; elsewhere a word against outweighs the rest.
"""

from __future__ import annotations

import enum
from typing import Final, NamedTuple

from weirline.detect.detector import Context
from weirline.detect.surroundings import Place, Surroundings, Words, longest_part, normal, unspaced


class Nearby(enum.Enum):
    """What the words around a candidate say of it."""

    NOTHING = "nothing"
    SUPPORT = "support"
    AGAINST = "against"


class Seen(NamedTuple):
    """What was seen: `word` is one of the detector's own, `place` where it stands."""

    nearby: Nearby
    word: str = ""
    place: Place | None = None


_NOTHING: Final = Seen(Nearby.NOTHING)


class _Lexicon:
    """The words of one list. Immutable."""

    __slots__ = ("_joined", "_parts", "_substrings")

    def __init__(self, words: tuple[str, ...]) -> None:
        apart = {word for word in words if normal(word) and not unspaced(word)}
        self._joined = {normal(word): word for word in words if word in apart}
        self._parts = _shortest({longest_part(word) for word in apart})
        self._substrings = tuple(word.lower() for word in words if word not in apart)

    def __bool__(self) -> bool:
        return bool(self._joined or self._substrings)

    def found(self, words: Words) -> str | None:
        """Return a word of the list that stands in `words`, as its author wrote it."""
        text = words.text
        for part in self._parts:
            if part in text:  # else no word of the list can be one of these
                both = self._joined.keys() & words.joined
                if both:
                    return self._joined[max(both, key=lambda word: (len(word), word))]
                break
        for word in self._substrings:
            if word in text:
                return word
        return None


def _shortest(parts: set[str]) -> tuple[str, ...]:
    """Return `parts` without those that contain another one."""
    return tuple(
        sorted(one for one in parts if not any(one != other and other in one for other in parts))
    )


class ContextWords:
    """The words of one `Context`, made ready when the first value is looked at."""

    __slots__ = ("_after", "_context", "_lexicons", "_within")

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lexicons: tuple[_Lexicon, _Lexicon] | None = None  # two threads may fill it: same
        self._within = context.within
        self._after = context.after

    def _ready(self) -> tuple[_Lexicon, _Lexicon]:
        """Return the words for and the words against."""
        if self._lexicons is None:
            self._lexicons = _Lexicon(self._context.words), _Lexicon(self._context.against)
        return self._lexicons

    def look(self, data: bytes, start: int, end: int) -> Nearby:
        """Say what the words around the value [start, end) of `data` mean for it."""
        return self.see(Surroundings(data, start, end)).nearby

    def see(self, around: Surroundings) -> Seen:
        """Say which word counts and where it stands. Costs some 10 us, less where `around` is warm.

        Order: the value's own JSON key; words against, before and behind it; words for it, before
        and behind; the other keys it stands under; the head of its column.
        """
        supporting, against = self._ready()
        own = around.own_key()
        if own is not None:
            if against and (word := against.found(own)):
                return Seen(Nearby.AGAINST, word, Place.KEY)
            if word := supporting.found(own):
                return Seen(Nearby.SUPPORT, word, Place.KEY)
        before = around.before(self._within)
        after = around.after(self._after)
        if against:
            for words, place in ((before, Place.BEFORE), (after, Place.AFTER)):
                if word := against.found(words):
                    return Seen(Nearby.AGAINST, word, place)
        for words, place in ((before, Place.BEFORE), (after, Place.AFTER)):
            if word := supporting.found(words):
                return Seen(Nearby.SUPPORT, word, place)
        return _farther(around, supporting)


def _farther(around: Surroundings, supporting: _Lexicon) -> Seen:
    for key in around.json_keys():
        if word := supporting.found(key):
            return Seen(Nearby.SUPPORT, word, Place.KEY)
    if word := supporting.found(around.column()):
        return Seen(Nearby.SUPPORT, word, Place.COLUMN)
    return _NOTHING
