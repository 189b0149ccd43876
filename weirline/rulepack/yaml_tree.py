"""YAML text as plain values that know where they stand, so that every fault can name its place.

It refuses anchors and aliases (a small file could grow without end), duplicate keys, tags and more
than one document. YAML 1.2: `no` and dates are text. Parsing needs ruamel.yaml, which start-up
avoids: it is imported when the first file is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from weirline.errors import DetectorError, Problem
from weirline.rulepack.entry import Place

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

_TAG: Final = "tag:yaml.org,2002:"
_LISTS: Final = frozenset(("map", "seq"))
_FALSE_TRUE: Final = {"false": False, "true": True}
Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Branch:
    """One value of a file: a scalar, a list of branches or a map of branches, and its place."""

    value: str | float | bool | list[Branch] | dict[str, Branch] | None
    place: Place

    def plain(self) -> Plain:
        """Return the value alone, without places."""
        if isinstance(self.value, list):
            return [branch.plain() for branch in self.value]
        if isinstance(self.value, dict):
            return {key: branch.plain() for key, branch in self.value.items()}
        return self.value


def read_yaml(text: str, file: str) -> Branch:
    """Return the one document in `text`; `file` names it in the problems of a DetectorError."""
    from ruamel.yaml import YAML  # costs 60 ms and 4 MB that a server never needs
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise DetectorError([_not_yaml(file, line, column)]) from None
    except (YAMLError, RecursionError):  # the second: brackets in brackets, hundreds of them
        raise DetectorError([_not_yaml(file, 0, 0)]) from None
    if root is None:
        raise DetectorError([Problem("E01", file, 1, 1, "file", "a YAML map; the file is empty")])
    reader = _Reader(file)
    branch = reader.branch(root, "file")
    if reader.problems:
        raise DetectorError(reader.problems)
    return branch


def _not_yaml(file: str, line: int, column: int) -> Problem:
    expectation = "YAML; look for a wrong indent, an open quote, or text that needs quotes"
    return Problem("E01", file, line, column, "file", expectation)


class _Reader:
    """Walks the nodes of one document and collects what is refused."""

    def __init__(self, file: str) -> None:
        self.problems: list[Problem] = []
        self._file = file

    def branch(self, node: Node, field: str) -> Branch:
        from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

        place = Place(line=node.start_mark.line + 1, column=node.start_mark.column + 1)
        if node.anchor is not None:
            self._refuse(place, field, "the value itself; anchors and aliases are not read")
            return Branch(None, place)
        if not isinstance(node, ScalarNode) and str(node.tag).removeprefix(_TAG) not in _LISTS:
            self._refuse(place, field, "a plain list or map, without a tag")
            return Branch(None, place)
        if isinstance(node, MappingNode):
            return Branch(dict(self._items(node)), place)
        if isinstance(node, SequenceNode):
            return Branch([self.branch(item, field) for item in node.value], place)
        if isinstance(node, ScalarNode):
            return Branch(self._scalar(node, place, field), place)
        raise AssertionError(type(node).__name__)

    def _items(self, node: Node) -> Iterator[tuple[str, Branch]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node.value, str) else "?"
            branch = self.branch(value_node, key)
            if key in seen:
                mark = key_node.start_mark
                place = Place(line=mark.line + 1, column=mark.column + 1)
                self._refuse(place, key, "each field once; remove this one or the one above")
            seen.add(key)
            yield key, branch

    def _scalar(self, node: Node, place: Place, field: str) -> str | float | bool | None:
        text = str(node.value)
        try:
            match str(node.tag).removeprefix(_TAG):
                case "str" | "timestamp":
                    return text
                case "int":
                    return int(text.replace("_", ""), 0)
                case "float":
                    return float(text.replace("_", ""))
                case "bool":
                    return _FALSE_TRUE[text.lower()]
                case "null":
                    return None
                case _:
                    pass
        except (ValueError, KeyError):
            pass
        self._refuse(place, field, "a plain text, number, true or false, without a tag")
        return None

    def _refuse(self, place: Place, field: str, expectation: str) -> None:
        self.problems.append(
            Problem("E01", self._file, place.line, place.column, field, expectation)
        )
