"""Warns of texts in a policy file that look like live secrets (W04).

A policy is kept, sent and shown, so an example that is somebody's key leaks it. What is found is
told by its place and never quoted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from weirline.cli.compiled_cache import cached_scanner
from weirline.detect.chain import DEFAULT_MAX_FINDINGS
from weirline.detect.detector import Detector
from weirline.detect.floor import Floors
from weirline.errors import Problem
from weirline.policy.warning import LOOKS_LIVE

CATEGORY = "secrets"
_MEND = "this looks like a live secret: take it out, or divide an example into parts"


def secret_warnings(text: str, file: str, detectors: Sequence[Detector]) -> Iterator[Problem]:
    """Yield a warning for each secret in the text, in order; `detectors` may be of all kinds."""
    kinds = tuple(detector for detector in detectors if detector.category == CATEGORY)
    if not kinds:
        return
    scanner = cached_scanner(kinds, max_findings=DEFAULT_MAX_FINDINGS, floors=Floors())
    content = text.encode()
    for found in scanner.scan(content).findings:
        before = content[: found.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode()) + 1
        yield Problem(LOOKS_LIVE, file, line, column, "policy", _MEND)
