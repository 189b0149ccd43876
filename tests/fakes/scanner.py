"""A scanner with one kind of value, small enough to be right at sight: `#` and six digits."""

from __future__ import annotations

import re

from weirline.body.content import ContentHint
from weirline.detect.finding import Finding
from weirline.scan import Reading, ScanResult

_WHOLE = re.compile(rb"#[0-9]{6}(?![0-9])")
_OPEN = re.compile(rb"#[0-9]{0,6}\Z")


class HashScanner:
    """Finds `#123456`; a value is open while fewer than seven characters of it are there."""

    def __init__(self, *, max_findings: int = 1000) -> None:
        self._max_findings = max_findings

    def scan(self, data: bytes) -> ScanResult:
        """Every value in `data`."""
        findings = tuple(
            Finding("hash_id", "identity", match.start(), match.end(), 1.0)
            for match in _WHOLE.finditer(data)
        )
        over = len(findings) > self._max_findings
        capped = frozenset({"hash_id"}) if over else frozenset()
        return ScanResult(findings[: self._max_findings], capped)

    def read(self, data: bytes, _content: ContentHint) -> Reading:
        """The same; everything is always read."""
        return Reading(*self.scan(data), frozenset())

    def open_from(self, data: bytes) -> int:
        """Where a value could still go on past the end."""
        match = _OPEN.search(data)
        return match.start() if match else len(data)


class GreedyScanner(HashScanner):
    """One that takes everything for the beginning of a value."""

    def open_from(self, data: bytes) -> int:
        """Always the whole text."""
        return 0
