"""What a scan reads: files, whole folders, standard input.

Folders are walked to the bottom, through links too, each folder once, so that a link to above ends.
Pipes, sockets and devices met on the way are passed over: reading one might never end. Nothing is
left out for its name or its kind: secrets lie in binaries and dot files, too.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from weirline.errors import Problem

UNREADABLE = "L02"
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read. `path` is None for standard input.

    `inner` is where its copy goes below a folder of copies.
    """

    name: str
    path: Path | None
    inner: Path

    @contextlib.contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Open it for one reading. Raises OSError."""
        if self.path is None:
            yield sys.stdin.buffer
            return
        with self.path.open("rb") as file:
            yield file


def sources(names: Sequence[str], *, leave_out: Path | None = None) -> Iterator[Source | Problem]:
    """Yield what `names` stand for, in the order of names, and below a folder by path.

    A folder that cannot be listed, or a name that does not exist, is yielded as a Problem.
    `leave_out` is a folder that is not entered.
    """
    for name in names:
        if name == STDIN:
            yield Source("standard input", None, Path("standard-input"))
            continue
        path = Path(name)
        if path.is_dir():
            yield from _below(path, Path(path.resolve().name), _entered(leave_out))
        else:
            yield Source(name, path, Path(path.name))


def unreadable(name: str, error: OSError) -> Problem:
    """Return the problem of a file that could not be read, or of a copy not written."""
    mend = f"cannot be used: {os.strerror(error.errno or 0)}"
    return Problem(UNREADABLE, name, 0, 0, "file", mend)


def _below(folder: Path, inner: Path, entered: set[tuple[int, int]]) -> Iterator[Source | Problem]:
    try:
        identity = _identity(folder)
        if identity in entered:
            return
        entered.add(identity)
        children = sorted(folder.iterdir())
    except OSError as error:
        yield unreadable(str(folder), error)
        return
    for child in children:
        try:
            mode = child.stat().st_mode
        except OSError as error:
            yield unreadable(str(child), error)
            continue
        if stat.S_ISDIR(mode):
            yield from _below(child, inner / child.name, entered)
        elif stat.S_ISREG(mode):
            yield Source(str(child), child, inner / child.name)


def _entered(leave_out: Path | None) -> set[tuple[int, int]]:
    return {_identity(leave_out)} if leave_out is not None and leave_out.exists() else set()


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino
