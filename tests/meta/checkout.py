"""What the meta tests look at: the files of this checkout.

Git is not asked, because a tarball has none.
"""

from __future__ import annotations

import ast
import functools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("extproc", "weirline")

# Made by tools, never committed; the same names as in .gitignore.
_MADE = {".git", ".venv", ".hypothesis", "__pycache__", "build", "dist", ".build"}


@functools.cache
def files() -> tuple[Path, ...]:
    """Return every file of the checkout that is not made by a tool, sorted."""
    return tuple(sorted(_walk()))


def _walk() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name not in _MADE and not name.endswith(("_cache", ".egg-info"))
        ]
        for name in names:
            if not name.endswith((".pyc", ".coverage", ".so")):
                yield Path(folder, name)


def relative(path: Path) -> str:
    """Return the path as the project's pages name it."""
    return path.relative_to(ROOT).as_posix()


def python_files(*tops: str) -> list[Path]:
    """Return the Python files under these folders of the checkout's root."""
    return [
        path for path in files() if path.suffix == ".py" and relative(path).split("/")[0] in tops
    ]


def modules() -> list[Path]:
    """Return the modules of the shipped packages, package files without code left out."""
    return [
        path for path in python_files(*PACKAGES) if path.name != "__init__.py" or functions(path)
    ]


@dataclass(frozen=True, slots=True)
class Function:
    """One function or method: where it is, and how many lines it has with its docstring."""

    name: str
    line: int
    lines: int
    has_code: bool


@functools.cache
def tree(path: Path) -> ast.Module:
    """Return the parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@functools.cache
def functions(path: Path) -> tuple[Function, ...]:
    """Return all functions of a file, nested ones and methods too."""
    return tuple(
        Function(node.name, node.lineno, (node.end_lineno or 0) - node.lineno + 1, _has_code(node))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def _has_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell a function that does something from a protocol's signature (docstring and `...`)."""
    return not all(
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        for statement in function.body
    )
