from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from weirline.window.bucket import OVERFLOW, Buckets


def test_burst_of_the_whole_budget_passes_and_then_one_each_share_of_the_period() -> None:
    buckets = Buckets()

    def take(now: float) -> int:
        return buckets.take("a", requests=3, period_s=60, now=now)

    assert [take(100) for _ in range(4)] == [0, 0, 0, 20]
    assert take(110) == 10
    assert take(120) == 0
    assert take(120) == 20
    assert [take(1000) for _ in range(4)] == [0, 0, 0, 20]


def test_refused_request_costs_nothing() -> None:
    buckets = Buckets()
    waits = [buckets.take("a", requests=1, period_s=10, now=0.0) for _ in range(100)]
    assert waits == [0] + [10] * 99


def test_keys_are_told_apart() -> None:
    buckets = Buckets()
    assert buckets.take("a", requests=1, period_s=1, now=5) == 0
    assert buckets.take("b", requests=1, period_s=1, now=5) == 0
    assert len(buckets) == 2


def test_wait_is_rounded_up_to_whole_seconds() -> None:
    buckets = Buckets()
    buckets.take("a", requests=1, period_s=2, now=0.0)
    assert buckets.take("a", requests=1, period_s=2, now=0.5) == 2
    assert buckets.take("a", requests=1, period_s=2, now=1.9) == 1


def test_keys_beyond_the_cap_share_one_bucket_and_are_counted() -> None:
    buckets = Buckets(2)
    for key in ("a", "b"):
        buckets.take(key, requests=1, period_s=60, now=0)
    assert buckets.take("c", requests=1, period_s=60, now=1) == 0
    assert buckets.take("d", requests=1, period_s=60, now=1) == 60
    assert buckets.overflowed == 2
    assert len(buckets) == 3
    assert OVERFLOW not in ("a", "b", "c", "d")


def test_memory_does_not_grow_over_a_million_keys() -> None:
    buckets = Buckets(100)
    for number in range(100_000):
        buckets.take(str(number), requests=5, period_s=1, now=number / 1000)
    assert len(buckets) <= 101


def test_full_bucket_gives_way_to_a_new_key() -> None:
    buckets = Buckets(1)
    buckets.take("a", requests=1, period_s=10, now=0)
    assert buckets.take("b", requests=1, period_s=10, now=11) == 0
    assert buckets.overflowed == 0


@given(
    times=st.lists(st.integers(0, 5_000), min_size=1, max_size=60),
    requests=st.integers(1, 5),
    period=st.integers(1, 600),
)
def test_never_more_than_the_budget_and_what_refills_passes(
    times: list[int], requests: int, period: int
) -> None:
    buckets = Buckets()
    passed = [
        now
        for now in sorted(times)
        if not buckets.take("a", requests=requests, period_s=period, now=now)
    ]
    for begin in range(len(passed)):
        for end in range(begin, len(passed)):
            span = passed[end] - passed[begin]
            assert end - begin + 1 <= requests + span * requests / period + 1e-6
