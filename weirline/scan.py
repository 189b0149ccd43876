"""The public scanning interface: bytes in, findings out.

Everything above detection (policy, flow, command line) talks to this and to nothing below it.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from weirline.detect.finding import Finding


class ScanResult(NamedTuple):
    """Findings in order of start, none overlapping another; `capped` if the limit cut them off."""

    findings: tuple[Finding, ...]
    capped: bool


class Scanner(Protocol):
    """Finds values in text. Pure, and safe to use from several threads at once."""

    def scan(self, data: bytes) -> ScanResult:
        """Return every value in `data`, a whole text or what is known of a stream so far."""
        ...

    def open_from(self, data: bytes) -> int:
        """Return the least offset from which a value could still go on past the end of `data`.

        `len(data)` if none can. Bytes before the returned offset can no longer change meaning.
        """
        ...
