"""Loads the detectors that ship and makes the scanner of them, from the cache where it can.

Compiling the patterns takes longer than all else at start, so what was compiled is kept by the
pattern cache. A cache that cannot be used costs time, never the start.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from extproc.logs import Event, Log
from extproc.metrics import PATTERN_CACHE, CacheOutcome, Tallies
from extproc.pattern_cache import PatternCache
from extproc.pattern_compile import compile_in_child
from weirline.detect.chain import build_chain
from weirline.detect.detector import Detector
from weirline.detect.hyperscan_matcher import HyperscanMatcher
from weirline.detect.matcher import Expression
from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import FlowScanner, TextScanner


@dataclass(frozen=True, slots=True)
class Pack:
    """The detectors in use and the scanner made of them."""

    detectors: tuple[Detector, ...]
    scanner: FlowScanner


def load_pack(state_dir: str, max_findings: int, *, tallies: Tallies, log: Log) -> Pack:
    """Return the shipped pack, compiled. Raises DetectorError for a pack that cannot be read."""
    began_s = time.perf_counter()
    detectors = tuple(shipped_detectors())
    cache = PatternCache(state_dir)
    chain = build_chain(
        detectors,
        lambda expressions: cached_matcher(expressions, cache),
        max_findings=max_findings,
    )
    tallies.set_only(PATTERN_CACHE, (cache.outcome.value,))
    if cache.outcome is CacheOutcome.UNUSABLE:
        log.warning(Event.PATTERN_CACHE_UNUSABLE, state_dir=state_dir)
    log.info(
        Event.PATTERNS_LOADED,
        detectors=len(detectors),
        cache=cache.outcome.value,
        seconds=round(time.perf_counter() - began_s, 3),
    )
    return Pack(detectors, TextScanner(chain))


def cached_matcher(expressions: Sequence[Expression], cache: PatternCache) -> HyperscanMatcher:
    """Return the matcher of `expressions`, from `cache` if it has a usable one, else compiled."""
    fingerprint = fingerprint_of(expressions)
    stored = cache.load(fingerprint)
    if stored is not None:
        matcher = HyperscanMatcher.load(stored, expressions)
        if matcher is not None:
            return matcher
    matcher, database = compile_database(expressions)
    cache.store(fingerprint, database)
    return matcher


def fingerprint_of(expressions: Sequence[Expression]) -> bytes:
    """Return the name under which the database of `expressions` is cached.

    Engine and processor are not in it: the engine refuses what was made for another.
    """
    return hashlib.sha256(msgspec.json.encode(expressions)).digest()


def compile_database(expressions: Sequence[Expression]) -> tuple[HyperscanMatcher, bytes]:
    """Return the matcher of `expressions` and its dump, compiled by a child where that works.

    A compile leaves tens of megabytes behind in the process that does it.
    """
    database = compile_in_child(expressions)
    matcher = HyperscanMatcher.load(database, expressions) if database is not None else None
    if matcher is not None and database is not None:
        return matcher, database
    matcher = HyperscanMatcher.compile(expressions)
    return matcher, matcher.dump()
