"""The detection chain once more, slow and plain: Python's `re` at every offset, and nothing before.

No engine, no literals, no windows, no classes of digits: every detector looks at every byte. What
it shares with the chain is what the two may not differ in by design: checks, context, confidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from weirline.detect.chain import Candidates
from weirline.detect.class_finder import ClassProgram
from weirline.detect.confidence import confidence_of
from weirline.detect.confirm import RETRY_UP_TO
from weirline.detect.context import ContextWords, Nearby, Seen
from weirline.detect.detector import Detector
from weirline.detect.finding import Finding
from weirline.detect.resolve import Candidate
from weirline.detect.surroundings import Surroundings
from weirline.detect.validators import VALIDATORS
from weirline.detect.validators.secret_text import HEURISTIC

Spans = tuple[tuple[int, int], tuple[int, int]]
_WORD = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")


class PlainChain:
    """Stands in for `weirline.detect.chain.Chain` in a `TextScanner`."""

    max_findings = 1_000_000

    def __init__(self, detectors: Sequence[Detector]) -> None:
        self.detectors = tuple(detectors)
        self._parts = [_Plain(detector) for detector in detectors]

    def candidates(self, data: bytes) -> Candidates:
        """Return everything the detectors claim in `data`."""
        return Candidates([one for part in self._parts for one in part.claims(data)], frozenset())

    def quiet_check(self, _other: ClassProgram) -> None:
        """Say that there is no quick check here."""


class _Plain:
    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._source = _in_python(detector.pattern.encode("latin-1"))
        self._asks_for_the_end = rb"\Z" in self._source
        self._flags = re.DOTALL | (re.IGNORECASE if detector.caseless else 0)
        self._compiled = re.compile(self._source, self._flags)
        self._named = "v" in self._compiled.groupindex
        self._context = ContextWords(detector.context) if detector.context else None
        self._validator = VALIDATORS[detector.validator] if detector.validator else None

    def claims(self, data: bytes) -> Iterator[Candidate]:
        low = 0
        while (found := self._compiled.search(data, low)) is not None:
            start = found.start()
            spans = self._longest(data, start, len(data))
            assert spans is not None
            if spans[0][1] - start > self._detector.width:
                spans = self._longest(data, start, start + self._detector.width) or spans
            value = self._accepted(data, spans)
            if value is not None:
                low = max(value[1], start + 1)
                yield self._candidate(data, value)
            else:
                low = start + 1 if spans[0][1] - start <= RETRY_UP_TO else spans[0][1]

    def _accepted(self, data: bytes, spans: Spans) -> tuple[int, int] | None:
        """Return the longest value from this start that context and check accept."""
        current: Spans | None = spans
        while current is not None:
            (start, end), value = current
            if self._confidence(data, value) is not None and self._passes(data, value):
                return value
            if self._validator is None or end - start > RETRY_UP_TO:
                return None
            current = self._longest(data, start, end - 1)
        return None

    def _passes(self, data: bytes, value: tuple[int, int]) -> bool:
        return self._validator is None or self._validator(data[value[0] : value[1]])

    def _seen(self, data: bytes, value: tuple[int, int]) -> Seen:
        if self._context is None:
            return Seen(Nearby.NOTHING)
        return self._context.see(Surroundings(data, *value))

    def _confidence(self, data: bytes, value: tuple[int, int]) -> float | None:
        return confidence_of(self._detector, self._seen(data, value).nearby)

    def _candidate(self, data: bytes, value: tuple[int, int]) -> Candidate:
        detector = self._detector
        confidence = self._confidence(data, value)
        assert confidence is not None
        finding = Finding(detector.id, detector.category, *value, confidence)
        checked = detector.validator is not None and detector.validator not in HEURISTIC
        word = self._seen(data, value).word
        return Candidate(finding, checked, detector.severity, len(word))

    def _longest(self, data: bytes, start: int, limit: int) -> Spans | None:
        """Return the longest match that begins at `start` and ends by `limit`."""
        for end in range(min(limit, len(data)), start - 1, -1):
            found = self._compiled.fullmatch(data, start, end)
            if end < len(data) and self._seems_otherwise(data, end, found):
                found = self._ending(len(data) - end).match(data, start)
            if found is not None:
                value = found.span("v") if self._named else (-1, -1)
                return found.span(), found.span() if value == (-1, -1) else value
        return None

    def _seems_otherwise(self, data: bytes, end: int, found: re.Match[bytes] | None) -> bool:
        """Say whether it may matter that the text seems to end at `end`.

        Its end is seen, where an expression asks for it; a word's edge is seen behind a letter that
        has none, and is not seen behind another sign with a letter after it.
        """
        if found is not None and self._asks_for_the_end:
            return True
        return data[end] in _WORD and (found is None) is not (data[end - 1] in _WORD)

    @cache  # noqa: B019 (as long as the test)
    def _ending(self, left: int) -> re.Pattern[bytes]:
        """The expression where exactly `left` bytes stand behind its match."""
        return re.compile(rb"(?:%b)(?=(?s:.{%d})\Z)" % (self._source, left), self._flags)


def _in_python(expression: bytes) -> bytes:
    """Return an expression of RE2 as `re` writes it: a `$` that is no class's is the end alone."""
    parts = re.split(rb"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])", expression, flags=re.DOTALL)
    return b"".join(
        part if odd else part.replace(b"$", rb"\Z")
        for odd, part in ((number % 2, part) for number, part in enumerate(parts))
    ).replace(rb"\z", rb"\Z")
