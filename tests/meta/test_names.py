"""Names say what a thing is: no drawer for odds and ends, no class that only «handles»."""

from __future__ import annotations

import ast
import re

from tests.meta.checkout import python_files, relative, tree

DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "types", "base", "core"}
EMPTY_WORDS = re.compile(r"(Manager|Helper|Handler|Processor|Data)$")
EVERYTHING = ("extproc", "loadtest", "tests", "weirline")
SHORTEST_TEST_NAME = 3  # words: subject and deed, and mostly a circumstance


def test_no_module_or_package_is_a_drawer() -> None:
    drawers = [
        relative(path)
        for path in python_files(*EVERYTHING)
        if DRAWERS.intersection(relative(path).removesuffix(".py").split("/"))
    ]
    assert not drawers, "\n".join(drawers)


def test_no_class_name_ends_in_an_empty_word() -> None:
    empty = [
        f"{relative(path)}:{node.lineno} {node.name}"
        for path in python_files(*EVERYTHING)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and _is_empty(node)
    ]
    assert not empty, "\n".join(empty)


def test_every_test_name_tells_subject_and_deed() -> None:
    bare = [
        f"{relative(path)}:{node.lineno} {node.name}"
        for path in python_files("tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and len(node.name.removeprefix("test_").split("_")) < SHORTEST_TEST_NAME
    ]
    assert not bare, "\n".join(bare)


def _is_empty(node: ast.ClassDef) -> bool:
    """Tell whether the class took the empty word itself, and not from the framework it extends."""
    word = EMPTY_WORDS.search(node.name)
    bases = [ast.unparse(base) for base in node.bases]
    return word is not None and not any(base.endswith(word[0]) for base in bases)
