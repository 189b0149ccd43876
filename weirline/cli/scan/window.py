"""Scans a text of any size in bounded memory: window after window, each overlapping the next.

A value is found whole because the overlap is longer than any value, and its context because a
window keeps some text before the part it accounts for. Starts are multiples of four, so that
UTF-16 and UTF-32 stay in step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from weirline.detect.finding import Finding
from weirline.scan import ScanResult

WINDOW_BYTES: Final = 4 << 20
OVERLAP_BYTES: Final = 128 << 10  # no detector is wider than 64 KiB
BEHIND_BYTES: Final = 4 << 10  # for words of context, and for what a mask looks at
_STEP: Final = 4


@dataclass(frozen=True, slots=True)
class Window:
    """One piece of a text: what lies between `start` and `end` of `piece` is accounted for here.

    `findings` have offsets into `piece` and lie in that part; add `offset` for those of the whole
    text. `capped` names the detectors that were not looked for to the end.
    """

    piece: bytes
    offset: int
    start: int
    end: int
    findings: tuple[Finding, ...]
    capped: frozenset[str]


def scan_windows(
    read: Callable[[int], bytes],
    find: Callable[[bytes], ScanResult],
    *,
    window_bytes: int = WINDOW_BYTES,
    overlap_bytes: int = OVERLAP_BYTES,
) -> Iterator[Window]:
    """Yield the windows of what `read` gives, in order; together they account for every byte.

    `read` returns as many bytes as it is asked for, fewer only at the end. Raises what it raises.
    """
    piece, offset, start, last = b"", 0, 0, False
    while not last:
        chunk = read(window_bytes)
        last = len(chunk) < window_bytes
        piece += chunk
        findings, capped = find(piece)
        ahead = [finding for finding in findings if finding.start >= start]
        end = len(piece) if last else _cut(ahead, start, len(piece) - overlap_bytes)
        here = tuple(finding for finding in ahead if finding.end <= end)
        yield Window(piece, offset, start, end, here, capped)
        kept = max(end - BEHIND_BYTES, 0) // _STEP * _STEP
        piece, offset, start = piece[kept:], offset + kept, end - kept


def _cut(findings: list[Finding], start: int, wanted: int) -> int:
    """Return where to end the part that is accounted for: near `wanted`, inside no finding."""
    end = max(wanted, start)
    for finding in findings:
        if finding.start < end < finding.end:
            return finding.start if finding.start > start else finding.end
    return end
