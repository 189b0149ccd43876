"""A YAML text as a tree that knows where each thing stands.

The usual loaders give plain values and lose the places, or stop at the first fault. This one reads
YAML 1.2 (so `on` and dates are text), keeps line and column of every key and value, and refuses
what makes a file mean something other than it shows: keys given twice, aliases, tags, more than
one document. No message quotes the text.
Source: YAML 1.2.2 section 10.3 (core schema).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from weirline.rulepack.entry import Place

TEXT_MAX_BYTES = 1 << 20
DEPTH_MAX = 32

_TOO_DEEP = f"nest mappings and lists at most {DEPTH_MAX} deep"
_WRITE_OUT = "write this out: anchors and aliases are not read"
_OPEN_BRACKETS_MAX = 256  # the parser slows down with each one that is open
_BRACKET = re.compile(r"[\[\]{}]")
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEAN = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value. `value` is None where nothing, or null, was written."""

    place: Place
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    place: Place
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping with its value."""

    key: str
    place: Place
    value: Tree


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping; its keys are distinct."""

    place: Place
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was complained about and must not be complained about again."""

    place: Place


Tree = Scalar | Sequence | Mapping | Refused
Complain = Callable[[Place, str], None]


def read_tree(text: str, complain: Complain) -> Tree | None:
    """Return the tree of one YAML document; every fault goes to `complain` with its place.

    None where no tree can be had at all.
    """
    start = Place(line=1, column=1)
    if len(text) > TEXT_MAX_BYTES:
        complain(start, f"a file has at most {TEXT_MAX_BYTES} characters: split it")
        return None
    if _open_brackets(text) > _OPEN_BRACKETS_MAX:
        complain(start, _TOO_DEEP)
        return None
    try:
        return _Reader(YAML(typ="safe", pure=True).parse(text), complain).document()
    except MarkedYAMLError as error:
        complain(_place(error.problem_mark), _yaml_hint(error))
    except ReaderError as error:
        complain(_place_at(text, error.position), "remove this character: YAML is printable text")
    except (YAMLError, ValueError):
        complain(start, "this is not valid YAML 1.2")
    return None


class _Reader:
    """Builds the tree from the events of one text, which it takes one after another."""

    def __init__(self, events: Iterator[Event], complain: Complain) -> None:
        self._events = events
        self._complain = complain

    def document(self) -> Tree | None:
        """Read the one document; None if there is none, or more."""
        for event in self._events:
            if isinstance(event, StreamEndEvent):
                self._complain(Place(line=1, column=1), "the file is empty")
                return None
            if isinstance(event, DocumentStartEvent):
                break
        tree = self._tree(next(self._events), 1)
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                mend = "one file holds one document: remove this `---` and what follows"
                self._complain(_place(event.start_mark), mend)
                return None
        return tree

    def _tree(self, event: Event, depth: int) -> Tree:
        place = _place(event.start_mark)
        if depth > DEPTH_MAX and not isinstance(event, ScalarEvent):
            self._complain(place, _TOO_DEEP)
            self._skip(event)
            return Refused(place)
        read: Tree = Refused(place)
        if isinstance(event, MappingStartEvent):
            read = self._mapping(place, depth)
        elif isinstance(event, SequenceStartEvent):
            read = self._sequence(place, depth)
        elif isinstance(event, ScalarEvent):
            read = self._scalar(event, place)
        if not isinstance(event, NodeEvent):
            return read
        if event.anchor is not None:
            self._complain(place, _WRITE_OUT)
            return Refused(place)
        if getattr(event, "tag", None) is not None:
            self._complain(place, "remove this tag: values are plain text, numbers, true or false")
            return Refused(place)
        return read

    def _skip(self, event: Event) -> None:
        """Take the events up to the end of what begins with `event`, without going deeper."""
        depth = 0
        while True:
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                depth += 1
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                depth -= 1
            if depth == 0:
                return
            event = next(self._events)

    def _sequence(self, place: Place, depth: int) -> Sequence:
        items: list[Tree] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self._tree(event, depth + 1))
        return Sequence(place, tuple(items))

    def _mapping(self, place: Place, depth: int) -> Mapping:
        entries: dict[str, Entry] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key_place = _place(event.start_mark)
            key = event.value if isinstance(event, ScalarEvent) else None
            self._tree(event, depth + 1)
            value = self._tree(next(self._events), depth + 1)
            if key is None:
                self._complain(key_place, "a key is one word, not a list or a mapping")
            elif key in entries:
                first = entries[key].place.line
                self._complain(key_place, f"this key stands on line {first} already: keep one")
            else:
                entries[key] = Entry(key, key_place, value)
        return Mapping(place, tuple(entries.values()))

    def _scalar(self, event: ScalarEvent, place: Place) -> Tree:
        text = str(event.value)
        if _SURROGATE.search(text):
            self._complain(place, "write a character beyond U+FFFF as itself or as \\UXXXXXXXX")
            return Refused(place)
        if event.style is not None:
            return Scalar(place, text)
        if text in _NULL:
            return Scalar(place, None)
        if text in _BOOLEAN:
            return Scalar(place, _BOOLEAN[text])
        if _NUMBER.fullmatch(text):
            return Scalar(place, int(text))
        if _DECIMAL.fullmatch(text):
            return Scalar(place, float(text))
        return Scalar(place, text)


def _open_brackets(text: str) -> int:
    """The most brackets open at once, taking every bracket for one that counts."""
    depth = most = 0
    for found in _BRACKET.finditer(text):
        depth += 1 if found[0] in "[{" else -1
        most = max(most, depth)
    return most


def _place(mark: object) -> Place:
    line, column = getattr(mark, "line", 0), getattr(mark, "column", 0)
    return Place(line=line + 1, column=column + 1)


def _place_at(text: str, position: int) -> Place:
    before = text[:position]
    return Place(line=before.count("\n") + 1, column=position - before.rfind("\n"))


def _yaml_hint(error: MarkedYAMLError) -> str:
    """Our own words for the fault: the library's may quote the text."""
    problem = str(error.problem or "")
    if r"'\t'" in problem:
        return "indent with spaces: YAML forbids tabs here"
    if "alias" in problem or "anchor" in problem:
        return _WRITE_OUT
    if "mapping values" in problem:
        return (
            "this is not valid YAML: put text that holds a colon in quotes, check the indentation"
        )
    return (
        "this is not valid YAML: check quotes, brackets and indentation here and on the line before"
    )
