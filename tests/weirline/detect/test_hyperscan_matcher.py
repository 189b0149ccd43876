from __future__ import annotations

import threading

import pytest

from weirline.detect.hyperscan_matcher import HyperscanMatcher, MatcherRefused
from weirline.detect.matcher import Expression

ABC = (Expression("abc", caseless=False), Expression("b.d", caseless=True))


def test_hits_name_the_expression_and_its_end() -> None:
    hits = HyperscanMatcher.compile(ABC).hits(b"abc B\nD", 10)
    assert hits.ends == [(0, 3), (1, 7)]
    assert not hits.capped


def test_hits_stop_at_the_limit_and_say_so() -> None:
    hits = HyperscanMatcher.compile(ABC).hits(b"abc" * 50, 7)
    assert len(hits.ends) == 7
    assert hits.capped


@pytest.mark.parametrize("text", ["(?=a)", "a{1,40000}", "é", ""])
def test_compile_refuses_what_the_engine_does_not_take(text: str) -> None:
    with pytest.raises(MatcherRefused) as refused:
        HyperscanMatcher.compile([*ABC, Expression(text, caseless=False)])
    assert not text or text not in str(refused.value)


def test_stored_database_finds_the_same() -> None:
    stored = HyperscanMatcher.compile(ABC).dump()
    loaded = HyperscanMatcher.load(stored, ABC)
    assert loaded is not None
    assert loaded.hits(b"xabc", 10).ends == [(0, 4)]
    assert loaded.dump() == stored


def test_stored_database_of_other_expressions_is_not_loaded() -> None:
    stored = HyperscanMatcher.compile(ABC).dump()
    assert HyperscanMatcher.load(stored, ABC[:1]) is None
    assert HyperscanMatcher.load(stored, [ABC[0], ABC[1]._replace(caseless=False)]) is None


def test_damaged_database_is_not_loaded_wherever_the_damage_is() -> None:
    stored = HyperscanMatcher.compile(ABC).dump()
    for place in range(0, len(stored), max(len(stored) // 64, 1)):
        damaged = bytearray(stored)
        damaged[place] ^= 1
        assert HyperscanMatcher.load(bytes(damaged), ABC) is None
    assert HyperscanMatcher.load(stored[:-1], ABC) is None
    assert HyperscanMatcher.load(b"", ABC) is None


def test_matcher_serves_several_threads_at_once() -> None:
    matcher = HyperscanMatcher.compile(ABC)
    text = b"abc " * 20_000
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.append(len(matcher.hits(text, 10**6).ends)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [20_000] * 4


def test_scan_inside_a_scan_has_a_scratch_of_its_own() -> None:
    matcher = HyperscanMatcher.compile(ABC)
    taken = matcher._free.pop()
    try:
        assert matcher.hits(b"abc", 10).ends == [(0, 3)]
    finally:
        matcher._free.append(taken)
    assert len(matcher._free) == 2
