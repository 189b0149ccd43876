from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from extproc.logs import Log
from extproc.metrics import PATTERN_CACHE, CacheOutcome, Tallies
from extproc.pack_store import Pack, PackStore, cached_scanner, fingerprint_of
from extproc.pattern_cache import PatternCache
from tests.weirline.detect.sample import CARD, KEY

DETECTORS = (KEY, CARD)
TEXT = b"4111 1111 1111 1111 and key_0123456789abcdef"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


def _loaded(state: Path | None) -> tuple[Pack, Tallies, list[dict[str, object]]]:
    text, tallies = io.StringIO(), Tallies()
    where = str(state) if state else ""
    pack = PackStore("default", where, 100, tallies=tallies, log=Log(text)).load()
    return pack, tallies, [json.loads(line) for line in text.getvalue().splitlines()]


def test_shipped_pack_finds_and_says_where_its_patterns_came_from(state: Path) -> None:
    for outcome in (CacheOutcome.STORED, CacheOutcome.HIT):
        pack, tallies, lines = _loaded(state)
        assert tallies.snapshot()[0][PATTERN_CACHE] == {(outcome.value,): 1}
        assert (lines[-1]["event"], lines[-1]["cache"]) == ("patterns_loaded", outcome.value)
        assert lines[-1]["detectors"] == len(pack.detectors) >= 51
        (finding,) = pack.scanner.scan(b"write to jo.doe@example.org today").findings
        assert finding.detector == "email"


def test_cap_on_findings_reaches_the_scanner(state: Path) -> None:
    pack, _, _ = _loaded(state)
    result = pack.scanner.scan(b" jo.doe@example.org" * 150)
    assert (len(result.findings), bool(result.capped)) == (100, True)


def test_without_a_state_directory_patterns_are_compiled_and_the_log_warns() -> None:
    _, tallies, lines = _loaded(None)
    assert tallies.value(PATTERN_CACHE, ("unusable",)) == 1
    assert lines[0]["event"] == "pattern_cache_unusable"


def test_database_the_engine_refuses_is_compiled_again(tmp_path: Path) -> None:
    cache = PatternCache(str(tmp_path))
    cached_scanner(DETECTORS, cache, 10)
    fingerprint = fingerprint_of(DETECTORS)
    assert PatternCache(str(tmp_path)).load(fingerprint) is not None
    PatternCache(str(tmp_path)).store(fingerprint, b"of an engine that is no more")
    third = PatternCache(str(tmp_path))
    assert len(cached_scanner(DETECTORS, third, 10).scan(TEXT).findings) == 2
    assert third.outcome is CacheOutcome.STORED
    assert PatternCache(str(tmp_path)).load(fingerprint) != b"of an engine that is no more"


def test_patterns_are_compiled_here_where_no_child_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    cache = PatternCache(str(tmp_path))
    assert len(cached_scanner(DETECTORS, cache, 10).scan(TEXT).findings) == 2
    assert cache.outcome is CacheOutcome.STORED
