r"""The words around a value, and what kind of place each stands in.

A value is told from a number that looks like it by what it is called: by its JSON keys from the
inside out, by the head of its column in CSV, by words before it and behind it. Form fields and
header names stand right before their values. `_`, `-`, digits and a change of case part words:
`card` stands in `cardNumber` and `CARD_NO`, not in `discard`. Substring search would find `lic` in
`public`; that is what this refuses. Everything is looked for from the value outward, over a bounded
number of bytes, so the size of the body does not matter.
"""

from __future__ import annotations

import enum
import re
from typing import Final

KEY_REACH: Final = 400  # bytes; how far before a value the keys it stands under are looked for
HEAD_REACH: Final = 2048  # bytes; the longest first line that is taken for the head of a table

# An end of a word inside letters: cardNumber, HTTPCard. Letters of Latin-1 count for ASCII's kin.
_CAMEL: Final = re.compile(
    "(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-ZÀ-ÖØ-Þ])(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])"
)
_SPLIT: Final = "\x00"
_RUN: Final = re.compile(r"[^\W\d_]+|\d+")
_JOINT: Final = frozenset(
    first + second
    for first in ("", " ", "\t", "_", ".", "-", _SPLIT, "'", "\u2019")
    for second in ("", " ", "\t", "_", ".", "-")
)
_MOST_PARTS: Final = 5  # of one word of a context: "numero de registro de contribuyente"
_STRUCTURE: Final = re.compile(rb'"([^"\\\r\n]{1,64})"\s{0,8}:|[\[\]{}]')
_OWN_KEY: Final = re.compile(rb'"([^"\\\r\n]{1,64})"\s{0,8}:\s{0,8}"?\Z')
_OWN_REACH: Final = 84  # bytes; the longest key with its quotes, blanks and colon
_STOP_AFTER: Final = re.compile(rb'["{}\[\]<>\r\n\t;&|]|,(?! )')
_NEXT_LABEL: Final = re.compile(rb"(?:[^\s,(]+[ ]?){0,1}[:=]")
_DELIMITERS: Final = (b",", b";", b"\t", b"|")
# Scripts that put no blank between words, or hang particles on them.
_UNSPACED: Final = re.compile(
    "[\u0900-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)


class Place(enum.StrEnum):
    """Where a word of a context stands."""

    KEY = "key"
    COLUMN = "column"
    BEFORE = "before"
    AFTER = "after"


class Words:
    """The words of one stretch of text, in a form that many contexts can be held against.

    `text` is the whole stretch in small letters: a word that is no part of it is none of its words,
    which is quickly seen.
    """

    __slots__ = ("_decoded", "_joined", "text")

    def __init__(self, text: bytes) -> None:
        """`text` is UTF-8, perhaps cut in a character; what is none stands for no letter."""
        self._decoded = text.decode("utf-8", "replace")
        self._joined: frozenset[str] | None = None
        self.text = self._decoded.lower()

    @property
    def joined(self) -> frozenset[str]:
        """Every word, and every few neighbours as one; worked out when first asked for."""
        if self._joined is None:
            self._joined = _joined(self._decoded)
        return self._joined


def normal(word: str) -> str:
    """Return a word of a context as `Words.joined` has it: small letters, nothing between parts."""
    return "".join(_RUN.findall(word.lower()))


def longest_part(word: str) -> str:
    """Return the longest run of letters or digits in a word of a context, in small letters."""
    return max(_RUN.findall(word.lower()), key=len, default="")


def unspaced(word: str) -> bool:
    """Return whether `word` is of a script in which words are not set apart."""
    return _UNSPACED.search(word) is not None


def _joined(text: str) -> frozenset[str]:
    """Return every word of `text`, and every few neighbours as one; a plural `s` may be left off.

    Neighbours have at most two signs such as a blank, `_` or `-` between them.
    """
    if not text.isascii() or not text.islower():
        text = _CAMEL.sub(_SPLIT, text).lower()
    parts = _RUN.findall(text)
    gaps = _RUN.split(text)  # gaps[n] stands before parts[n]
    found = set(parts)
    rows: list[str] = []  # the last part alone, with the one before it, with the two before it ...
    for part, gap in zip(parts, gaps, strict=False):
        rows = [part, *[row + part for row in rows[: _MOST_PARTS - 1]]] if gap in _JOINT else [part]
        found.update(rows)
    found.update([word[:-1] for word in found if word[-1] == "s" and len(word) > 3])
    return frozenset(found)


class Surroundings:
    """What stands around one value; each part is read when first asked for. Owned by one scan."""

    __slots__ = ("_after", "_before", "_column", "_data", "_end", "_keys", "_start")

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self._data = data
        self._start = start
        self._end = end
        self._before: dict[int, Words] = {}
        self._after: dict[int, Words] = {}
        self._keys: tuple[Words, ...] | None = None
        self._column: Words | None = None

    @property
    def at(self) -> tuple[int, int]:
        """The span of the value."""
        return self._start, self._end

    def before(self, reach: int) -> Words:
        """Return the words up to `reach` bytes before the value; one cut by that is left out."""
        words = self._before.get(reach)
        if words is None:
            low = max(self._start - reach - 1, 0)
            window = self._data[low : self._start]
            if low:  # its first byte only shows whether the first word is whole
                window = _without_cut_word(window)
            words = self._before[reach] = Words(window)
        return words

    def after(self, reach: int) -> Words:
        """Return the words behind the value, up to `reach` bytes on and on the same line.

        A quote or bracket ends them, and so does the label of the next value.
        """
        words = self._after.get(reach)
        if words is None:
            words = self._after[reach] = Words(_behind(self._data, self._end, reach))
        return words

    def json_keys(self) -> tuple[Words, ...]:
        """Return the words of the JSON keys the value stands under, the innermost first."""
        if self._keys is None:
            self._keys = tuple(Words(key) for key in _json_keys(self._data, self._start))
        return self._keys

    def own_key(self) -> Words | None:
        """Return the words of the JSON key right before the value, None if there is none."""
        window = self._data[max(self._start - _OWN_REACH, 0) : self._start]
        if window.rstrip(b' \t\r\n"')[-1:] != b":":
            return None
        found = _OWN_KEY.search(window)
        return None if found is None else Words(found[1])

    def column(self) -> Words:
        """Return the words of the head of the value's column; none where it is in no table."""
        if self._column is None:
            self._column = Words(column_head(self._data, self._start))
        return self._column


def _without_cut_word(window: bytes) -> bytes:
    for at, byte in enumerate(window):
        if byte < 0x80 and not chr(byte).isalpha():
            return window[at:]
    return b""


def _behind(data: bytes, end: int, reach: int) -> bytes:
    window = data[end : end + reach + 1]
    stop = _STOP_AFTER.search(window)
    if stop is not None:
        window = window[: stop.start()]
    elif len(window) > reach:
        window = window.rpartition(b" ")[0]
    label = _NEXT_LABEL.search(window)
    return window if label is None else window[: label.start()]


def _json_keys(data: bytes, start: int) -> list[bytes]:
    """Return the keys `start` stands under, the innermost first, as far as they are near.

    Brackets inside strings are taken for real ones: a key may then be missed or be a neighbour's.
    """
    low = max(start - KEY_REACH, 0)
    keys: list[bytes] = []
    wanted = True  # the next key outward is one we stand under
    closed = 0  # containers that ended before we came to them
    for found in reversed(list(_STRUCTURE.finditer(data, low, start))):
        key = found[1]
        if key is not None:
            if wanted and not closed:
                keys.append(key)
                wanted = False
        elif data[found.start()] in b"]}":
            closed += 1
        elif closed:
            closed -= 1
        else:
            wanted = True
    return keys


def head_end(data: bytes) -> int:
    """Return where the first line of a table in `data` ends, 0 if it is no table."""
    end = data.find(b"\n", 0, HEAD_REACH)
    if end <= 0 or data[:1] in b"{[<" or not any(one in data[:end] for one in _DELIMITERS):
        return 0
    return end


def column_head(data: bytes, start: int) -> bytes:
    """Return the head of the column that `start` stands in, empty where there is none."""
    end = head_end(data)
    if not end or start <= end:
        return b""
    line = data.rfind(b"\n", max(start - HEAD_REACH, 0), start) + 1
    if not line:
        return b""
    head = data[:end]
    delimiter = max(_DELIMITERS, key=head.count)
    row = data[line:start]
    if b'"' in row:
        row = re.sub(rb'"[^"]*"', b"", row)
    cells = head.split(delimiter)
    index = row.count(delimiter)
    return cells[index] if index < len(cells) else b""
