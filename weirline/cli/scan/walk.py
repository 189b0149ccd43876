"""One scan over all its sources: reads, finds, places, writes the result and the copies.

A source that cannot be read is told and does not stop the others. Neither does one with more values
than are looked for: it is told as incomplete.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Final

from weirline.cli.output import complain, emit
from weirline.cli.scan import har
from weirline.cli.scan.form import Form, Totals
from weirline.cli.scan.found import Placer, shown
from weirline.cli.scan.outcome import Outcome
from weirline.cli.scan.progress import Progress
from weirline.cli.scan.redacted import Copies, Write, masked
from weirline.cli.scan.source import Source, unreadable
from weirline.cli.scan.window import Window, scan_windows
from weirline.errors import LimitExceeded, Problem
from weirline.redact.rewrite import CannotMask
from weirline.scan import ScanResult

HAR_MOST_BYTES: Final = 256 << 20  # a larger one is scanned as text


class Walk:
    """One scan; owns its totals. `form` is None where standard output takes the copy."""

    def __init__(
        self, find: Callable[[bytes], ScanResult], form: Form | None, copies: Copies | None
    ) -> None:
        self._find = find
        self._form = form
        self._copies = copies
        self._totals = Totals()
        self._progress = Progress()
        self._outcome = Outcome.CLEAN

    def run(self, found_sources: Iterable[Source | Problem]) -> Outcome:
        """Scan all and write the result; return how it went."""
        if self._form:
            emit(self._form.begin().encode())
        for source in found_sources:
            if isinstance(source, Problem):
                self._refuse(source.file, source)
                continue
            try:
                self._scan(source)
            except OSError as error:
                self._refuse(source.name, unreadable(source.name, error))
            except (LimitExceeded, CannotMask) as error:
                self._progress.clear()
                complain(f"{shown(source.name)}: {error}; its copy was not written")
                self._outcome = Outcome.ENVIRONMENT
        self._progress.clear()
        if self._form:
            emit(self._form.end(self._totals).encode())
        found = Outcome.FOUND if self._totals.findings else Outcome.CLEAN
        return max(self._outcome, found)

    def _scan(self, source: Source) -> None:
        with contextlib.ExitStack() as stack:
            file = stack.enter_context(source.opened())
            write = stack.enter_context(self._copies.opened(source)) if self._copies else None
            self._totals.files += 1
            if source.inner.suffix.lower() != har.SUFFIX:
                self._tell(source.name, "", self._windows(file, write))
                return
            content = file.read(HAR_MOST_BYTES + 1)
            parts = har.parts(content) if len(content) <= HAR_MOST_BYTES else None
            if parts is None:
                self._tell(source.name, "", self._windows(_Rest(content, file), write))
                return
            for part in parts:
                self._tell(source.name, part.name, self._windows(io.BytesIO(part.text), None))
            if write:
                for _ in self._windows(io.BytesIO(content), write):
                    pass

    def _windows(
        self, file: BinaryIO | io.BytesIO | _Rest, write: Write | None
    ) -> Iterator[Window]:
        for window in scan_windows(file.read, self._find):
            if write:
                if window.capped:
                    raise LimitExceeded("max_findings")
                write(masked(window))
            yield window

    def _tell(self, name: str, part: str, windows: Iterable[Window]) -> None:
        placer = Placer(name, part)
        incomplete = False
        for window in windows:
            self._totals.bytes += window.end - window.start
            incomplete = incomplete or bool(window.capped)
            lines = []
            for found in placer.place(window):
                self._totals.findings += 1
                self._totals.kinds[found.finding.detector] += 1
                if self._form:
                    lines.append(self._form.found(found))
            if lines:
                self._progress.clear()
                emit("".join(lines).encode())
            self._progress.tell(self._totals)
        if incomplete:
            self._progress.clear()
            self._totals.incomplete.append(shown(name))
            complain(f"{shown(name)}: more findings than are counted; some were not looked for")

    def _refuse(self, name: str, problem: Problem) -> None:
        self._progress.clear()
        complain(str(problem))
        self._totals.incomplete.append(shown(name))
        self._outcome = Outcome.ENVIRONMENT


class _Rest:
    """A file of which the beginning was read already."""

    def __init__(self, begun: bytes, file: BinaryIO) -> None:
        self._begun = io.BytesIO(begun)
        self._file = file

    def read(self, size: int, /) -> bytes:
        """Read as files do: fewer bytes than asked for only at the end."""
        text = self._begun.read(size)
        return text if len(text) == size else text + self._file.read(size - len(text))
