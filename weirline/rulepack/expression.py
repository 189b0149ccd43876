"""The regular expressions a detector may use, as a tree.

Width and prefix of an expression are worked out on this tree, so whatever cannot be reasoned about
is refused here: look-around, back-references, possessive and atomic groups, Unicode classes. Text
is bytes, letters are ASCII, greedy and lazy mean the same (the longest match counts).
Source: the syntax RE2 and Hyperscan both read (github.com/google/re2/wiki/Syntax; Hyperscan's
developer reference, section Pattern Support).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from weirline.errors import WeirlineError

MAX_REPEAT = 1000  # RE2's limit, for one count and for nested ones multiplied
_ALL = (1 << 256) - 1
_ESCAPED = {"n": 10, "r": 13, "t": 9, "f": 12, "v": 11}


class UnsupportedExpression(WeirlineError):
    """An expression outside the subset; `position` is an offset into its text, from 0."""

    def __init__(self, position: int, expectation: str) -> None:
        self.position = position
        self.expectation = expectation
        super().__init__(f"at character {position + 1}: {expectation}")


class Fence(enum.Enum):
    """A condition between two bytes; takes up no text."""

    WORD = r"\b"
    NOT_WORD = r"\B"
    START = "^"
    END = "$"


@dataclass(frozen=True, slots=True)
class Bytes:
    """One byte out of a set; bit n of `mask` stands for byte n."""

    mask: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after the other; none is the empty text."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`item`, `low` to `high` times; `high` None is without a bound."""

    item: Node
    low: int
    high: int | None


Node = Bytes | Sequence | Choice | Repeat | Fence


def parse_expression(text: str, *, caseless: bool) -> Node:
    """Return the tree of `text`; `caseless` lets letters match either case.

    Raises UnsupportedExpression with the place of the first construct outside the subset.
    """
    for position, character in enumerate(text):
        if not " " <= character <= "~":
            raise UnsupportedExpression(position, r"a printable ASCII character, or \xHH")
    parser = _Parser(text, caseless=caseless)
    node = parser.choice()
    if parser.position < len(text):
        raise UnsupportedExpression(parser.position, "a group that this bracket closes")
    _refuse_nested_counts(node, 1)
    return node


def _range_mask(low: int, high: int) -> int:
    return ((1 << (high - low + 1)) - 1) << low


_DIGIT = _range_mask(48, 57)
_UPPER = _range_mask(65, 90)
_LOWER = _range_mask(97, 122)
_WORD = _DIGIT | _UPPER | _LOWER | 1 << 95
_SPACE = _range_mask(9, 10) | _range_mask(12, 13) | 1 << 32  # RE2's \s has no vertical tab
_CLASSES = {
    "d": _DIGIT,
    "w": _WORD,
    "s": _SPACE,
    "D": _ALL ^ _DIGIT,
    "W": _ALL ^ _WORD,
    "S": _ALL ^ _SPACE,
}


class _Parser:
    """Recursive descent over one expression; owns its position."""

    def __init__(self, text: str, *, caseless: bool) -> None:
        self.position = 0
        self._text = text
        self._caseless = caseless

    def choice(self) -> Node:
        options = [self._sequence()]
        while self._take("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self.position < len(self._text) and self._peek() not in "|)":
            parts.append(self._repeated())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _repeated(self) -> Node:
        item = self._atom()
        counts = self._counts()
        if counts is None:
            return item
        if isinstance(item, Fence):
            raise UnsupportedExpression(self.position - 1, "no repetition of a fence")
        self._take("?")  # lazy: the longest match counts all the same
        if self.position < len(self._text) and self._peek() in "+*?{":
            raise UnsupportedExpression(self.position, "one repetition sign, not two")
        return Repeat(item, *counts)

    def _counts(self) -> tuple[int, int | None] | None:
        for sign, counts in (("?", (0, 1)), ("*", (0, None)), ("+", (1, None))):
            if self._take(sign):
                return counts
        if not self._take("{"):
            return None
        start = self.position
        low = self._number()
        high: int | None = low
        if self._take(","):
            high = None if self._peek_or_end() == "}" else self._number()
        if not self._take("}") or (high is not None and high < low):
            raise UnsupportedExpression(start - 1, r"{n}, {n,} or {n,m}; a plain { is \{")
        if max(low, high or 0) > MAX_REPEAT:
            raise UnsupportedExpression(start, f"a count of at most {MAX_REPEAT}")
        return low, high

    def _number(self) -> int:
        start = self.position
        while self._peek_or_end().isdigit():
            self.position += 1
        if start == self.position:
            raise UnsupportedExpression(start, r"a count; a plain { is \{")
        return int(self._text[start : self.position])

    def _atom(self) -> Node:
        start = self.position
        character = self._next()
        if character == "(":
            return self._group(start)
        if character == "[":
            return Bytes(self._class(start))
        if character == ".":
            return Bytes(_ALL)
        if character == "\\":
            return self._escape(start)
        if character in "^$":
            return Fence(character)
        if character in "?*+{":
            raise UnsupportedExpression(start, f"something to repeat, or \\{character}")
        return Bytes(self._fold(1 << ord(character)))

    def _group(self, start: int) -> Node:
        outer = self._caseless
        if self._take("?"):
            if self._take("i:"):
                self._caseless = True
            elif not self._take(":") and not self._take("P<v>"):
                raise UnsupportedExpression(
                    start, "a group of the form (...), (?:...), (?i:...) or (?P<v>...)"
                )
        inner = self.choice()
        if not self._take(")"):
            raise UnsupportedExpression(start, "a closing bracket for this group")
        self._caseless = outer
        return inner

    def _escape(self, start: int) -> Node:
        character = self._next_escaped(start)
        if character in "bB":
            return Fence("\\" + character)
        return Bytes(self._fold(self._escaped_mask(start, character)))

    def _escaped_mask(self, start: int, character: str) -> int:
        if character in _CLASSES:
            return _CLASSES[character]
        if character in _ESCAPED:
            return 1 << _ESCAPED[character]
        if character == "x":
            digits = self._text[self.position : self.position + 2]
            if len(digits) < 2 or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
                raise UnsupportedExpression(start, r"two hex digits after \x")
            self.position += 2
            return 1 << int(digits, 16)
        if character.isalnum():
            raise UnsupportedExpression(start, r"one of \b \B \d \w \s \D \W \S \n \r \t \xHH")
        return 1 << ord(character)

    def _class(self, start: int) -> int:
        negated = self._take("^")
        mask = 0
        first = True
        while first or self._peek_or_end() != "]":
            first = False
            low, single = self._class_item(start)
            if self._text[self.position : self.position + 1] == "-" and single:
                after = self._text[self.position + 1 : self.position + 2]
                if after not in ("]", ""):
                    self.position += 1
                    high, also_single = self._class_item(start)
                    if not also_single or high < low:
                        raise UnsupportedExpression(self.position - 1, "a range from low to high")
                    mask |= _range_mask(low.bit_length() - 1, high.bit_length() - 1)
                    continue
            mask |= low
        self.position += 1
        mask = self._fold(mask)
        return _ALL ^ mask if negated else mask

    def _class_item(self, start: int) -> tuple[int, bool]:
        if self.position >= len(self._text):
            raise UnsupportedExpression(start, "a closing ] for this class")
        place = self.position
        character = self._next()
        if character == "[" and self._peek_or_end() == ":":
            raise UnsupportedExpression(place, r"ranges or \d \w \s; named classes are not read")
        if character != "\\":
            return 1 << ord(character), True
        escaped = self._next_escaped(start)
        mask = self._escaped_mask(place, escaped)
        return mask, mask.bit_count() == 1

    def _fold(self, mask: int) -> int:
        if not self._caseless:
            return mask
        return mask | (mask & _UPPER) << 32 | (mask & _LOWER) >> 32

    def _next_escaped(self, start: int) -> str:
        if self.position >= len(self._text):
            raise UnsupportedExpression(start, "a character after the backslash")
        return self._next()

    def _next(self) -> str:
        self.position += 1
        return self._text[self.position - 1]

    def _peek(self) -> str:
        return self._text[self.position]

    def _peek_or_end(self) -> str:
        return self._text[self.position : self.position + 1]

    def _take(self, text: str) -> bool:
        found = self._text.startswith(text, self.position)
        if found:
            self.position += len(text)
        return found


def _refuse_nested_counts(node: Node, outer: int) -> None:
    if isinstance(node, Repeat):
        inner = outer * max(node.low, node.high or 1, 1)
        if inner > MAX_REPEAT:
            raise UnsupportedExpression(0, f"nested counts that multiply to at most {MAX_REPEAT}")
        _refuse_nested_counts(node.item, inner)
    elif isinstance(node, Sequence | Choice):
        for part in node.parts if isinstance(node, Sequence) else node.options:
            _refuse_nested_counts(part, outer)
