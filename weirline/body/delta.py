"""The pieces of running text in one JSON text of a stream, such as the deltas of a language model.

A text comes in pieces, one an event, and several texts may come at once (choices, content blocks),
told apart by an `index`. A piece belongs to the text with the same key and the same indexes around
it. Only keys that such streams use for running text count: joining the fields of records that
merely follow each other would find values that are none.
Source: RFC 8259; the streaming pages of the model providers' public API references.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

RUNNING_TEXT: Final = frozenset(
    (
        b"arguments",
        b"completion",
        b"content",
        b"delta",
        b"generated_text",
        b"output_text",
        b"partial_json",
        b"reasoning",
        b"reasoning_content",
        b"refusal",
        b"response",
        b"text",
        b"thinking",
        b"token",
        b"transcript",
    )
)
LONGEST: Final = 64 << 10  # bytes; a longer JSON text is no delta
DEEPEST: Final = 64
_TOKEN: Final = re.compile(
    rb'"((?:[^"\\]|\\.)*)"|([{}\[\]:,])|(-?[0-9]+)|[^\s{}\[\]:,"]+', re.DOTALL
)

# The usual case, one index at most and no list of strings, needs no walk over all tokens.
_NAMES: Final = b"|".join(sorted(RUNNING_TEXT))
_KEY: Final = re.compile(rb'"(?:' + _NAMES + rb')"\s*:\s*["\[{]')
_PAIR: Final = re.compile(rb'"(' + _NAMES + rb')"\s*:\s*"((?:[^"\\]|\\.)*)"', re.DOTALL)
_LIST: Final = re.compile(rb'"(?:' + _NAMES + rb')"\s*:\s*\[\s*"')
_INDEX: Final = re.compile(rb'"index"\s*:\s*(-?[0-9]+)')

Channel = tuple[bytes, ...]


class Piece(NamedTuple):
    """One piece: whose text it continues, and where it stands, still escaped."""

    channel: Channel
    start: int
    end: int


@dataclass(slots=True)
class _Level:
    """One object or array that is open. `mark` is how many pieces there were before it."""

    is_object: bool
    mark: int
    key: bytes = b""
    at_key: bool = True
    indexes: list[bytes] = field(default_factory=list)


def pieces(text: bytes) -> list[Piece]:
    """Return the pieces of running text in one JSON text; none for anything else.

    Texts above LONGEST are not looked at.
    """
    if len(text) > LONGEST or not text.lstrip().startswith(b"{") or not _KEY.search(text):
        return []
    indexes = _INDEX.findall(text)
    if len(indexes) < 2 and not _LIST.search(text):
        way = tuple(indexes)
        return [
            Piece((found[1], *way), *found.span(2)) for found in _PAIR.finditer(text) if found[2]
        ]
    walk = _Walk()
    for token in _TOKEN.finditer(text):
        string, mark, number = token.groups()
        if mark is not None:
            if not walk.punctuation(mark):
                return []
        elif not walk.levels:
            return []
        elif string is not None:
            walk.string(string, token.span(1))
        elif number is not None:
            walk.number(number)
    return walk.found


class _Walk:
    """One walk over one JSON text."""

    __slots__ = ("found", "levels")

    def __init__(self) -> None:
        self.found: list[Piece] = []
        self.levels: list[_Level] = []

    def punctuation(self, mark: bytes) -> bool:
        """Take a bracket, colon or comma; False where the text is no JSON, or too deep."""
        levels = self.levels
        if mark in b"{[":
            levels.append(_Level(mark == b"{", len(self.found)))
            return len(levels) <= DEEPEST
        if not levels:
            return False
        if mark in b"}]":
            _tell_apart(self.found, levels.pop())
        elif levels[-1].is_object:
            levels[-1].at_key = mark == b","
        return True

    def string(self, string: bytes, span: tuple[int, int]) -> None:
        level = self.levels[-1]
        if level.is_object and level.at_key:
            level.key = string
        elif string and _key(self.levels) in RUNNING_TEXT:
            self.found.append(Piece((_key(self.levels),), *span))

    def number(self, number: bytes) -> None:
        level = self.levels[-1]
        if level.is_object and level.key == b"index":
            level.indexes.append(number)


def _key(levels: list[_Level]) -> bytes:
    """The key that a value here stands under; of an array, the key of the array."""
    return next((each.key for each in reversed(levels) if each.is_object), b"")


def _tell_apart(found: list[Piece], level: _Level) -> None:
    """Give the index of an object that ends to the pieces in it."""
    if level.indexes:
        for at in range(level.mark, len(found)):
            piece = found[at]
            found[at] = piece._replace(channel=(*piece.channel, *level.indexes))
