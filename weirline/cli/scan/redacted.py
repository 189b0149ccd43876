"""Writes the redacted copies of what a scan reads.

A copy is never written over a file that is there, and one that could not be scanned to its end is
taken away again: a copy that looks redacted and is not would be worse than none.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from weirline.cli.output import emit
from weirline.cli.scan.source import Source
from weirline.cli.scan.window import Window
from weirline.policy.decision import Mask, Redaction
from weirline.redact.rewrite import rewrite

Write = Callable[[bytes], object]
_WHOLE = Mask()


class Copies(Protocol):
    """Where copies go."""

    def opened(self, source: Source) -> contextlib.AbstractContextManager[Write]:
        """Return what the copy of `source` is written with. Raises OSError."""
        ...


class CopyToOutput:
    """The copy of the only source goes to standard output."""

    @contextlib.contextmanager
    def opened(self, _source: Source) -> Iterator[Write]:
        """Standard output."""
        yield emit


class CopiesBelow:
    """Copies go below a folder, by the names they have below what was scanned."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def opened(self, source: Source) -> Iterator[Write]:
        """A new file, which goes away where the scan raises."""
        path = self._folder / source.inner
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            try:
                yield file.write
            except BaseException:
                path.unlink()
                raise


def masked(window: Window) -> bytes:
    """Return the part of `window` it accounts for, with every finding masked."""
    redactions = [Redaction(finding, _WHOLE) for finding in window.findings]
    return rewrite(window.piece, redactions)[window.start : window.end]
