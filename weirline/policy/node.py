"""A YAML text as a tree that knows where each thing stands.

The usual loaders give plain values and lose the places, or stop at the first fault. This one reads
YAML 1.2 (so `on` and dates are text), keeps line and column of every key and value, and refuses
what makes a policy mean something other than it shows: keys given twice, aliases, tags, more than
one document. No message quotes the text.
Source: YAML 1.2.2 section 10.3 (core schema).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

TEXT_MAX_BYTES = 1 << 20
DEPTH_MAX = 32

_TAG = "tag:yaml.org,2002:"
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands; both count from 1."""

    line: int
    column: int


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


Tree = Scalar | Sequence | Mapping
Complain = Callable[[Place, str], None]


def read_tree(text: str, complain: Complain) -> Tree | None:
    """Return the tree of one YAML document; every fault goes to `complain` with its place.

    None where no tree can be had at all.
    """
    start = Place(1, 1)
    if len(text) > TEXT_MAX_BYTES:
        complain(start, f"a policy has at most {TEXT_MAX_BYTES} characters: split it by service")
        return None
    try:
        root = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        complain(_place(error.problem_mark), _yaml_hint(error))
        return None
    except ReaderError as error:
        complain(_place_at(text, error.position), "remove this character: YAML is printable text")
        return None
    except (YAMLError, ValueError):
        complain(start, "this is not valid YAML 1.2")
        return None
    except RecursionError:
        complain(start, f"nest mappings and lists at most {DEPTH_MAX} deep")
        return None
    if root is None:
        complain(start, "the file is empty: start with `apiVersion: weirline/v1`")
        return None
    return _Reader(complain).tree(root, 1)


class _Reader:
    """Walks the nodes of one document once; owns the set of nodes seen, to notice aliases."""

    def __init__(self, complain: Complain) -> None:
        self._complain = complain
        self._seen: set[int] = set()

    def tree(self, node: Node, depth: int) -> Tree:
        place = _place(node.start_mark)
        if id(node) in self._seen:
            self._complain(place, "write this out: aliases are not read, name a selector instead")
            return Scalar(place, None)
        self._seen.add(id(node))
        if depth > DEPTH_MAX:
            self._complain(place, f"nest mappings and lists at most {DEPTH_MAX} deep")
            return Scalar(place, None)
        if isinstance(node, MappingNode):
            return self._mapping(node, place, depth)
        if isinstance(node, SequenceNode):
            return Sequence(place, tuple(self.tree(item, depth + 1) for item in node.value))
        return self._scalar(node, place)

    def _mapping(self, node: MappingNode, place: Place, depth: int) -> Mapping:
        entries: dict[str, Entry] = {}
        for key_node, value_node in node.value:
            key_place = _place(key_node.start_mark)
            value = self.tree(value_node, depth + 1)
            if not isinstance(key_node, ScalarNode):
                self._complain(key_place, "a key is one word, not a list or a mapping")
                continue
            key = str(key_node.value)
            if key in entries:
                first = entries[key].place.line
                self._complain(key_place, f"this key stands on line {first} already: keep one")
                continue
            entries[key] = Entry(key, key_place, value)
        return Mapping(place, tuple(entries.values()))

    def _scalar(self, node: Node, place: Place) -> Scalar:
        tag = str(node.tag).removeprefix(_TAG)
        text = str(node.value)
        if _SURROGATE.search(text):
            self._complain(place, "write a character beyond U+FFFF as itself or as \\UXXXXXXXX")
            return Scalar(place, None)
        if tag == "null":
            return Scalar(place, None)
        if tag == "bool":
            return Scalar(place, text.lower() == "true")
        if tag == "int" and _NUMBER.fullmatch(text):
            return Scalar(place, int(text))
        if tag == "float" and _DECIMAL.fullmatch(text):
            return Scalar(place, float(text))
        if tag not in ("str", "int", "float", "timestamp", "merge", "value"):
            self._complain(place, "remove this tag: values are plain text, numbers, true or false")
        return Scalar(place, text)


def _place(mark: object) -> Place:
    line, column = getattr(mark, "line", 0), getattr(mark, "column", 0)
    return Place(line + 1, column + 1)


def _place_at(text: str, position: int) -> Place:
    before = text[:position]
    return Place(before.count("\n") + 1, position - before.rfind("\n"))


def _yaml_hint(error: MarkedYAMLError) -> str:
    """Our own words for the fault: the library's may quote the text."""
    problem = str(error.problem or "")
    if r"'\t'" in problem:
        return "indent with spaces: YAML forbids tabs here"
    if "alias" in problem or "anchor" in problem:
        return "write this out: aliases are not read, name a selector instead"
    if "another document" in problem:
        return "one file holds one policy: remove this `---` and what follows"
    if "mapping values" in problem:
        return (
            "this is not valid YAML: put text that holds a colon in quotes, check the indentation"
        )
    return (
        "this is not valid YAML: check quotes, brackets and indentation here and on the line before"
    )
