"""Chains ready to run: made from detectors, or loaded from what was kept of an earlier start.

A plan and several databases belong together, so they are stored as one piece. What is loaded must
be of exactly these detectors, this engine and this kind of processor; else there is none, and the
caller compiles. Nobody but us may be able to write what is loaded: the engine trusts it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from weirline.detect import class_finder
from weirline.detect.chain import DEFAULT_MAX_FINDINGS, Chain
from weirline.detect.detector import Detector
from weirline.detect.floor import Floors
from weirline.detect.hyperscan_matcher import HyperscanMatcher
from weirline.detect.matcher import Expression, Matcher
from weirline.detect.plan import Plan
from weirline.detect.windows import Matchers
from weirline.rulepack.scan_plan import scan_plan

_FORMAT: Final = 3

MakeMatcher = Callable[[Sequence[Expression]], Matcher]


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    """A compiled chain on disk; a database is empty where the plan has no such expressions."""

    format: int
    detectors_sha256: bytes
    class_finder: bool
    plan: Plan
    literals: bytes
    present: bytes
    others: bytes


def build_chain(
    detectors: Sequence[Detector],
    make_matcher: MakeMatcher | None = None,
    *,
    max_findings: int = DEFAULT_MAX_FINDINGS,
    floors: Floors | None = None,
    with_class_finder: bool | None = None,
) -> Chain:
    """Return the chain of `detectors`, compiled here: tenths of a second to seconds.

    `make_matcher` makes another engine's matchers; `with_class_finder` is for tests that compare
    with and without. Raises MatcherRefused for an expression the engine does not take.
    """
    use = class_finder.available() if with_class_finder is None else with_class_finder
    plan = scan_plan(detectors, class_finder=use)
    make = make_matcher or HyperscanMatcher.compile
    literals, others = plan.literals.expressions, plan.others.expressions
    matchers = Matchers(
        make(literals) if literals else None,
        HyperscanMatcher.compile(literals, once=True) if literals and not make_matcher else None,
        make(others) if others else None,
    )
    return Chain(detectors, plan, matchers, max_findings=max_findings, floors=floors)


def compile_chain(detectors: Sequence[Detector]) -> bytes:
    """Return the compiled chain of `detectors`, to be kept where only we can write.

    Compiling leaves some MB of used memory behind in the process that does it.
    """
    use = class_finder.available()
    plan = scan_plan(detectors, class_finder=use)
    literals, others = plan.literals.expressions, plan.others.expressions
    stored = _Stored(
        _FORMAT,
        _digest(detectors),
        use,
        plan,
        HyperscanMatcher.compile(literals).dump() if literals else b"",
        HyperscanMatcher.compile(literals, once=True).dump() if literals else b"",
        HyperscanMatcher.compile(others).dump() if others else b"",
    )
    return msgspec.msgpack.encode(stored)


def load_chain(
    detectors: Sequence[Detector],
    stored: bytes,
    *,
    max_findings: int = DEFAULT_MAX_FINDINGS,
    floors: Floors | None = None,
) -> Chain | None:
    """Return the chain that `compile_chain` made of `detectors`, in milliseconds.

    None where it is of others, of another engine or processor, or damaged.
    """
    try:
        kept = msgspec.msgpack.decode(stored, type=_Stored)
    except msgspec.DecodeError:
        return None
    if kept.format != _FORMAT or kept.detectors_sha256 != _digest(detectors):
        return None
    if kept.class_finder and not class_finder.available():
        return None
    plan = kept.plan
    literals, others = plan.literals.expressions, plan.others.expressions
    loaded = Matchers(
        HyperscanMatcher.load(kept.literals, literals) if literals else None,
        HyperscanMatcher.load(kept.present, literals, once=True) if literals else None,
        HyperscanMatcher.load(kept.others, others) if others else None,
    )
    if literals and (loaded.literals is None or loaded.present is None):
        return None
    if others and loaded.others is None:
        return None
    return Chain(detectors, plan, loaded, max_findings=max_findings, floors=floors)


def _digest(detectors: Sequence[Detector]) -> bytes:
    return hashlib.sha256(msgspec.msgpack.encode(detectors)).digest()
