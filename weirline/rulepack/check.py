"""Proves detectors by running them: their examples, both engines, their budgets.

A detector that does not find its own example, finds its counter-example, or costs too much must
not reach a server. Each is tried alone, because an engine that refuses one of many does not say
which. Times are CPU seconds by a clock that the caller hands in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from weirline.detect.chain import Chain
from weirline.detect.confirm import CONFIRM_MEM_BYTES
from weirline.detect.detector import Detector
from weirline.detect.finding import Finding
from weirline.detect.hyperscan_matcher import HyperscanMatcher, MatcherRefused
from weirline.detect.linear_regex import ExpressionRefused, LinearRegex
from weirline.detect.pattern_set import PatternSet
from weirline.errors import Problem
from weirline.rulepack.compiled_chain import build_chain
from weirline.rulepack.entry import Entry
from weirline.rulepack.open_end import OpenEnd

COMPILE_CPU_S: Final = 1.0
DATABASE_BYTES: Final = 1 << 20
HOSTILE_BYTES: Final = 64 << 10
HOSTILE_CPU_S: Final = 0.5
_NOT_TRIGGERED: Final = "the pattern matches, the trigger does not"

Clock = Callable[[], float]


def check_entries(entries: Iterable[Entry], clock: Clock) -> list[Problem]:
    """Return every fault of `entries` that shows when they run; none if all are proven.

    `clock` returns CPU seconds. Costs some 10 ms an entry.
    """
    return [problem for entry in entries for problem in _EntryCheck(entry, clock).problems()]


class _EntryCheck:
    """The checks of one entry; collects what fails."""

    def __init__(self, entry: Entry, clock: Clock) -> None:
        self._entry = entry
        self._clock = clock
        self._problems: list[Problem] = []
        self._triggers: HyperscanMatcher | None = None

    def problems(self) -> list[Problem]:
        chain = self._compiled()
        if chain is not None:
            self._prove(chain)
        return self._problems

    def _compiled(self) -> Chain | None:
        detector = self._entry.detector
        patterns = PatternSet((detector,))
        began = self._clock()
        try:
            LinearRegex(
                detector.pattern, caseless=detector.caseless, max_mem_bytes=CONFIRM_MEM_BYTES
            )
            OpenEnd((detector,))
        except ExpressionRefused:
            self._refuse("pattern", "an expression RE2 takes within 2 MiB; make it smaller")
            return None
        try:
            matcher = HyperscanMatcher.compile(patterns.expressions)
        except MatcherRefused:
            self._refuse(self._trigger_field(), "an expression Hyperscan takes; make it a literal")
            return None
        if self._clock() - began > COMPILE_CPU_S or len(matcher.dump()) > DATABASE_BYTES:
            self._refuse(
                self._trigger_field(),
                f"one that compiles within {COMPILE_CPU_S:g} s and {DATABASE_BYTES >> 20} MiB; "
                "shorten its repetitions, or give a literal as `trigger`",
            )
        self._triggers = matcher
        return build_chain((detector,))

    def _prove(self, chain: Chain) -> None:
        hostile = b""
        for number, text in enumerate(self._entry.examples, 1):
            found, _ = chain.scan(text)
            triggered = self._triggers is None or self._triggers.hits(text, 1).ends
            if not found or not triggered:
                why = _why(chain, text) if triggered else _NOT_TRIGGERED
                self._refuse("examples", f"a finding in example {number}; {why}")
            elif not hostile:
                hostile = _hostile_text(text, found[0])
        for number, text in enumerate(self._entry.not_examples, 1):
            if chain.scan(text)[0]:
                self._refuse(
                    "not_examples",
                    f"no finding in counter-example {number}; narrow the "
                    "pattern, or add a validator or context",
                )
        if hostile:
            self._bound_cost(chain, hostile)

    def _bound_cost(self, chain: Chain, hostile: bytes) -> None:
        began = self._clock()
        chain.scan(hostile)
        OpenEnd(chain.detectors).offset(hostile)
        if self._clock() - began > HOSTILE_CPU_S:
            expectation = (
                f"at most {HOSTILE_CPU_S:g} s for {HOSTILE_BYTES >> 10} KiB of beginnings of the "
                "value; make the trigger longer or rarer"
            )
            self._refuse(self._trigger_field(), expectation)

    def _trigger_field(self) -> str:
        return "pattern" if self._entry.detector.trigger is None else "trigger"

    def _refuse(self, field: str, expectation: str) -> None:
        place = self._entry.place(field)
        self._problems.append(
            Problem("E03", self._entry.file, place.line, place.column, field, expectation)
        )


def _why(chain: Chain, text: bytes) -> str:
    """Say which step lost an example: the pattern, or what comes after it."""
    detector: Detector = chain.detectors[0]
    regex = LinearRegex(
        detector.pattern, caseless=detector.caseless, max_mem_bytes=CONFIRM_MEM_BYTES
    )
    if regex.find(text, 0, len(text)) is None:
        return "the pattern does not match it"
    return "the pattern matches, the validator or the context drops it"


def _hostile_text(text: bytes, found: Finding) -> bytes:
    """Return 64 KiB made of the beginning of a value, over and over: all start, none ends."""
    beginning = text[: max(found.end - 1, 1)]
    return (beginning * (HOSTILE_BYTES // len(beginning) + 1))[:HOSTILE_BYTES]
