from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import chain

from tests.weirline.detect.sample import KEY
from weirline.rulepack.compiled_chain import build_chain
from weirline.rulepack.cost import ORDINARY, TEXT_BYTES, hostile_seconds, ordinary_seconds


def test_ordinary_text_is_what_it_says_and_the_same_each_time() -> None:
    assert len(ORDINARY) == TEXT_BYTES
    assert ORDINARY.startswith(b'{"id":')
    assert len(set(ORDINARY.split(b'"uuid":"'))) > 300


def test_cost_is_the_least_of_several_runs() -> None:
    ticks: Iterator[float] = iter([0.0, 5.0, 5.0, 6.0, 6.0, 9.0])
    assert ordinary_seconds(build_chain((KEY,)), lambda: next(ticks)) == 1.0


def test_growth_is_told_where_the_cost_is_worth_it() -> None:
    keys = build_chain((KEY,))
    quick = hostile_seconds(keys, b"key_", time.process_time)
    assert quick.growth <= 2.2
    ticks = _durations([3.0] + ([1.0] * 3 + [3.0] * 3) * 3)
    assert hostile_seconds(keys, b"key_", ticks) == (3.0, 3.0)


def test_one_bad_measurement_of_growth_is_no_fault() -> None:
    ticks = _durations([3.0, *[1.0] * 3, *[3.0] * 3, *[1.0] * 3, *[2.0] * 3])
    assert hostile_seconds(build_chain((KEY,)), b"key_", ticks) == (2.0, 2.0)


def _durations(seconds: list[float]) -> Callable[[], float]:
    """Return a clock that is asked twice for each duration."""
    ticks = chain.from_iterable((0.0, one) for one in seconds)
    return lambda: next(ticks)
