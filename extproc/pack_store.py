"""Makes scanners of the shipped detectors and of those a policy brings, from the cache if it can.

Compiling the patterns takes longer than all else at start, so what was compiled is kept by the
pattern cache. A cache that cannot be used costs time, never the start. What stands in the cache was
proven before it was put there.
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
from extproc.policy_compile import Made, Order, make_in_child
from weirline.detect.detector import Detector
from weirline.detect.floor import Floors
from weirline.errors import PolicyError
from weirline.rulepack.shipped import shipped_of_packs
from weirline.scan import TextScanner, build_scanner, compile_database, load_scanner


@dataclass(frozen=True, slots=True)
class Pack:
    """The detectors in use, a policy's own at the end, and the scanner made of them."""

    detectors: tuple[Detector, ...]
    scanner: TextScanner


class PackStore:
    """Makes packs of the shipped detectors that `packs` names, parted by commas.

    Raises DetectorError for a pack that is not there or cannot be read.
    """

    def __init__(
        self, packs: str, state_dir: str, max_findings: int, *, tallies: Tallies, log: Log
    ) -> None:
        self.shipped = shipped_of_packs(name.strip() for name in packs.split(","))
        self._state_dir = state_dir
        self._max_findings = max_findings
        self._tallies = tallies
        self._log = log

    def load(self) -> Pack:
        """Return the pack of the shipped detectors alone."""
        began_s = time.perf_counter()
        cache = PatternCache(self._state_dir)
        scanner = cached_scanner(self.shipped, cache, self._max_findings)
        return self._told(Pack(self.shipped, scanner), cache, began_s)

    def load_with(self, own: Sequence[Detector], text: str, file: str) -> Pack:
        """Return the pack with the detectors of a policy: its text and the name of its file.

        Raises PolicyError where one of them does not prove itself. May take seconds.
        """
        pack = self.at_hand(own)
        return pack or self.take(own, make_in_child(Order(text, file, self.shipped)))

    def at_hand(self, own: Sequence[Detector]) -> Pack | None:
        """Return the pack with a policy's detectors if the cache has it: some milliseconds."""
        began_s = time.perf_counter()
        detectors = (*self.shipped, *own)
        cache = PatternCache(self._state_dir)
        stored = cache.load(fingerprint_of(detectors))
        if stored is None:
            return None
        scanner = load_scanner(detectors, stored, self._max_findings, Floors())
        return None if scanner is None else self._told(Pack(detectors, scanner), cache, began_s)

    def take(self, own: Sequence[Detector], made: Made) -> Pack:
        """Keep what was made and return its pack. Raises PolicyError where it was refused."""
        if made.problems:
            raise PolicyError(made.problems)
        began_s = time.perf_counter()
        detectors = (*self.shipped, *own)
        cache = PatternCache(self._state_dir)
        cache.store(fingerprint_of(detectors), made.database)
        scanner = build_scanner(
            detectors,
            database=made.database,
            max_findings=self._max_findings,
            floors=Floors(),
        )
        return self._told(Pack(detectors, scanner), cache, began_s)

    def _told(self, pack: Pack, cache: PatternCache, began_s: float) -> Pack:
        self._tallies.set_only(PATTERN_CACHE, (cache.outcome.value,))
        if cache.outcome is CacheOutcome.UNUSABLE:
            self._log.warning(Event.PATTERN_CACHE_UNUSABLE, state_dir=self._state_dir)
        self._log.info(
            Event.PATTERNS_LOADED,
            detectors=len(pack.detectors),
            cache=cache.outcome.value,
            seconds=round(time.perf_counter() - began_s, 3),
        )
        return pack


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
