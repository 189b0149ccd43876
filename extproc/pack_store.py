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
from weirline.detect.detector import Detector
from weirline.detect.floor import Floors
from weirline.rulepack.shipped import shipped_of_packs
from weirline.scan import TextScanner, build_scanner, compile_database, load_scanner


@dataclass(frozen=True, slots=True)
class Pack:
    """The detectors in use and the scanner made of them."""

    detectors: tuple[Detector, ...]
    scanner: TextScanner


def load_pack(packs: str, state_dir: str, max_findings: int, *, tallies: Tallies, log: Log) -> Pack:
    """Return the shipped packs that are named, parted by commas, compiled as one.

    Raises DetectorError for a pack that is not there or cannot be read.
    """
    began_s = time.perf_counter()
    detectors = shipped_of_packs(name.strip() for name in packs.split(","))
    cache = PatternCache(state_dir)
    scanner = cached_scanner(detectors, cache, max_findings)
    tallies.set_only(PATTERN_CACHE, (cache.outcome.value,))
    if cache.outcome is CacheOutcome.UNUSABLE:
        log.warning(Event.PATTERN_CACHE_UNUSABLE, state_dir=state_dir)
    log.info(
        Event.PATTERNS_LOADED,
        detectors=len(detectors),
        cache=cache.outcome.value,
        seconds=round(time.perf_counter() - began_s, 3),
    )
    return Pack(detectors, scanner)


def cached_scanner(
    detectors: Sequence[Detector], cache: PatternCache, max_findings: int
) -> TextScanner:
    """Return the scanner of `detectors`, from `cache` if it has a usable one, else compiled.

    Values under the default floor are not found.
    """
    fingerprint = fingerprint_of(detectors)
    floors = Floors()
    stored = cache.load(fingerprint)
    if stored is not None:
        scanner = load_scanner(detectors, stored, max_findings, floors)
        if scanner is not None:
            return scanner
    # A compile leaves tens of megabytes behind in the process that does it.
    database = compile_in_child(detectors) or compile_database(detectors)
    cache.store(fingerprint, database)
    return build_scanner(detectors, database=database, max_findings=max_findings, floors=floors)


def fingerprint_of(detectors: Sequence[Detector]) -> bytes:
    """Return the name under which the databases of `detectors` are cached.

    Engine and processor are not in it: the engine refuses what was made for another.
    """
    return hashlib.sha256(msgspec.json.encode(detectors)).digest()
