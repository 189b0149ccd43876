"""Proves detectors by running them: their examples, both engines, their budgets.

A detector that does not find its own example, finds its counter-example, or costs too much must
not reach a server. Each is tried alone, because an engine that refuses one of many does not say
which. Times are CPU seconds by a clock that the caller hands in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from weirline.detect.chain import Chain
from weirline.detect.confirm import CONFIRM_MEM_BYTES
from weirline.detect.detector import Detector
from weirline.detect.hyperscan_matcher import HyperscanMatcher, MatcherRefused
from weirline.detect.linear_regex import ExpressionRefused, LinearRegex
from weirline.detect.pattern_set import PatternSet
from weirline.errors import Problem
from weirline.rulepack.compiled_chain import build_chain
from weirline.rulepack.cost import (
    GROWTH,
    HOSTILE_CPU_S,
    TEXT_BYTES,
    Clock,
    Cost,
    hostile_seconds,
    ordinary_seconds,
)
from weirline.rulepack.entry import Entry
from weirline.rulepack.open_end import OpenEnd

COMPILE_CPU_S: Final = 1.0
DATABASE_BYTES: Final = 1 << 20
_NOT_TRIGGERED: Final = "the pattern matches, the trigger does not"


class Proof(NamedTuple):
    """What came of running detectors: their faults, and what those that ran cost."""

    problems: list[Problem]
    costs: list[Cost]


def check_entries(entries: Iterable[Entry], clock: Clock) -> list[Problem]:
    """Return every fault of `entries` that shows when they run; none if all are proven.

    `clock` returns CPU seconds. Costs some 10 ms an entry.
    """
    return prove_entries(entries, clock).problems


def prove_entries(entries: Iterable[Entry], clock: Clock) -> Proof:
    """Return the faults of `entries`, as `check_entries`, and their costs, the dearest first."""
    checks = [_EntryCheck(entry, clock) for entry in entries]
    problems = [problem for check in checks for problem in check.problems()]
    costs = [check.cost for check in checks if check.cost is not None]
    return Proof(problems, sorted(costs, key=lambda cost: -cost.ordinary_us))


class _EntryCheck:
    """The checks of one entry; collects what fails."""

    def __init__(self, entry: Entry, clock: Clock) -> None:
        self._entry = entry
        self._clock = clock
        self._problems: list[Problem] = []
        self._triggers: HyperscanMatcher | None = None
        self._compile_s = 0.0
        self.cost: Cost | None = None

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
            OpenEnd((detector,)).prepare()
        except ExpressionRefused:
            self._refuse("pattern", "an expression RE2 takes within 8 MiB; make it smaller")
            return None
        try:
            matcher = HyperscanMatcher.compile(patterns.expressions)
        except MatcherRefused:
            self._refuse(self._trigger_field(), "an expression Hyperscan takes; make it a literal")
            return None
        self._compile_s = self._clock() - began
        if self._compile_s > COMPILE_CPU_S or len(matcher.dump()) > DATABASE_BYTES:
            self._refuse(
                self._trigger_field(),
                f"one that compiles within {COMPILE_CPU_S:g} s and {DATABASE_BYTES >> 20} MiB; "
                "shorten its repetitions, or give a literal as `trigger`",
            )
        self._triggers = matcher
        return build_chain((detector,))

    def _prove(self, chain: Chain) -> None:
        beginning = b""
        for number, text in enumerate(self._entry.examples, 1):
            found, _ = chain.scan(text)
            triggered = self._triggers is None or self._triggers.hits(text, 1).ends
            if not found or not triggered:
                why = _why(chain, text) if triggered else _NOT_TRIGGERED
                self._refuse("examples", f"a finding in example {number}; {why}")
            elif not beginning:
                beginning = text[: max(found[0].end - 1, 1)]
        for number, text in enumerate(self._entry.not_examples, 1):
            if chain.scan(text)[0]:
                self._refuse(
                    "not_examples",
                    f"no finding in counter-example {number}; narrow the "
                    "pattern, or add a validator or context",
                )
        if beginning:
            self._bound_cost(chain, beginning)

    def _bound_cost(self, chain: Chain, beginning: bytes) -> None:
        hostile = hostile_seconds(chain, beginning, self._clock)
        what = (
            f"{TEXT_BYTES >> 10} KiB of beginnings of the value; make the trigger longer or rarer"
        )
        if hostile.seconds > HOSTILE_CPU_S:
            self._refuse(self._trigger_field(), f"at most {HOSTILE_CPU_S:g} s for {what}")
        elif hostile.growth > GROWTH:
            self._refuse(
                self._trigger_field(), f"at most {GROWTH:g} times the cost of half for {what}"
            )
        self.cost = Cost(
            chain.detectors[0].id,
            ordinary_seconds(chain, self._clock) * 1e6,
            hostile.seconds * 1e6,
            self._compile_s * 1e3,
            len(self._triggers.dump()) if self._triggers else 0,
        )

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
