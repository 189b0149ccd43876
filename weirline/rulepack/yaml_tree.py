"""YAML text as plain values that know where they stand, so that every fault can name its place.

What is refused, and how, is told in `yaml_text`. Parsing needs ruamel.yaml, which start-up avoids:
it is imported when the first file is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from weirline.errors import DetectorError, Problem
from weirline.rulepack.entry import Place

if TYPE_CHECKING:
    from weirline.rulepack.yaml_text import Tree

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
    # ruamel.yaml costs 60 ms and 4 MB that a command which reads no YAML never needs.
    from weirline.rulepack.yaml_text import read_tree

    problems: list[Problem] = []

    def complain(place: Place, mend: str) -> None:
        problems.append(Problem("E01", file, place.line, place.column, "file", mend))

    tree = read_tree(text, complain)
    if tree is None or problems:
        raise DetectorError(problems)
    return _branch(tree)


def _branch(tree: Tree) -> Branch:
    from weirline.rulepack.yaml_text import Mapping, Scalar, Sequence

    if isinstance(tree, Mapping):
        return Branch({entry.key: _branch(entry.value) for entry in tree.entries}, tree.place)
    if isinstance(tree, Sequence):
        return Branch([_branch(item) for item in tree.items], tree.place)
    return Branch(tree.value if isinstance(tree, Scalar) else None, tree.place)
