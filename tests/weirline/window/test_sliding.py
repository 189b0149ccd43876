from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pytest

from weirline.window.sliding import (
    CALM,
    ENTRIES_EACH,
    OVERFLOW,
    SlidingWindow,
    Spec,
    Standing,
    Windows,
)


class Event(NamedTuple):
    at: float
    key: bytes
    amount: int
    marks: tuple[int, ...]


def random_events(rng: random.Random, number: int, *, keys: int, values: int) -> Iterator[Event]:
    now = 1000.0
    for _ in range(number):
        now += rng.choice((0.0, 0.25, 0.5, 1.0, 7.5, 40.0))
        marks = tuple(rng.randrange(values) for _ in range(rng.randrange(1, 4)))
        yield Event(now, b"%d" % rng.randrange(keys), len(marks), marks)


class BruteForce:
    """The same window, told from all events there ever were."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._events: dict[bytes, list[Event]] = defaultdict(list)
        self._until: dict[bytes, float] = defaultdict(float)

    def add(self, event: Event) -> bool:
        spec = self._spec
        events = self._events[event.key]
        events.append(event)
        inside: Sequence[Event] = [one for one in events if one.at > event.at - spec.over_s]
        self._events[event.key] = list(inside)
        if spec.distinct:
            count = len({mark for one in inside for mark in one.marks})
        else:
            count = sum(one.amount for one in inside)
        if count <= spec.more_than:
            return False
        fresh = self._until[event.key] <= event.at
        self._until[event.key] = event.at + spec.hold_s
        return fresh

    def over(self, key: bytes, now: float) -> bool:
        return self._until[key] > now


def compare(seed: int, number: int) -> int:
    """Play the same events to both; return how often an actor went over."""
    rng = random.Random(seed)
    spec = Spec(
        "w",
        distinct=rng.random() < 0.5,
        over_s=rng.choice((10.0, 60.0, 300.0)),
        more_than=rng.choice((1, 3, 10, 30)),
        hold_s=rng.choice((5.0, 30.0, 600.0)),
    )
    window, brute = SlidingWindow(spec), BruteForce(spec)
    trips = 0
    for event in random_events(rng, number, keys=rng.choice((1, 5, 40)), values=60):
        assert window.standing(event.key, event.at).over == brute.over(event.key, event.at)
        went = window.add(event.key, event.at, amount=event.amount, marks=event.marks)
        assert went == brute.add(event), (seed, spec, event)
        trips += went
    return trips


def test_window_says_what_brute_force_says() -> None:
    assert sum(compare(seed, 250) for seed in range(16)) > 50


@pytest.mark.long
def test_window_says_what_brute_force_says_over_a_hundred_thousand_events() -> None:
    assert sum(compare(seed, 1_000) for seed in range(100)) > 1_000


SPEC = Spec("w", distinct=True, over_s=60, more_than=3, hold_s=30)


def test_actor_over_the_limit_stays_over_until_it_was_calm_for_so_long() -> None:
    window = SlidingWindow(SPEC)
    assert not window.add(b"a", 0, marks=(1, 2, 3))
    assert not window.add(b"a", 1, marks=(1, 2, 3))  # the same values again
    assert window.standing(b"a", 1) == CALM
    assert window.add(b"a", 2, marks=(4,))
    assert window.standing(b"a", 2).over
    assert not window.add(b"a", 20, marks=(5,))  # it went over once, and is over for longer
    assert window.standing(b"a", 49).over
    assert not window.standing(b"a", 50).over
    assert not window.standing(b"b", 2).over


def test_value_counts_until_it_is_as_old_as_the_window() -> None:
    window = SlidingWindow(SPEC)
    window.add(b"a", 0, marks=(1, 2))
    assert not window.add(b"a", 60, marks=(3, 4))
    window = SlidingWindow(SPEC)
    window.add(b"a", 0, marks=(1, 2))
    assert window.add(b"a", 59.9, marks=(3, 4))


def test_no_more_is_kept_of_an_actor_than_one_beyond_the_limit() -> None:
    window = SlidingWindow(SPEC)
    for mark in range(1000):
        window.add(b"a", mark / 100, marks=(mark,))
    assert window.entries == 4
    counting = SlidingWindow(Spec("w", distinct=False, over_s=60, more_than=3, hold_s=30))
    for at in range(1000):
        counting.add(b"a", at / 100, amount=2)
    assert counting.entries <= 3


def test_actors_beyond_the_cap_share_one_that_is_counted_and_never_blocked() -> None:
    window = SlidingWindow(SPEC, most=10)
    for number in range(10):
        window.add(b"%d" % number, 0, marks=(1,))
    for number in range(10, 14):
        window.add(b"%d" % number, 1, marks=(number,))
    assert window.overflowed == 4
    assert len(window) == 11
    assert window.standing(b"10", 1) == Standing(over=True, shared=True)
    assert window.standing(b"3", 1) == CALM


def test_actor_of_whom_nothing_counts_gives_way() -> None:
    window = SlidingWindow(SPEC, most=2)
    window.add(b"a", 0, marks=(1,))
    window.add(b"b", 50, marks=(1,))
    window.add(b"c", 61, marks=(1,))
    assert window.overflowed == 0
    assert len(window) == 2


def test_values_of_few_actors_are_bounded_too() -> None:
    window = SlidingWindow(Spec("w", distinct=True, over_s=60, more_than=10_000, hold_s=30), most=2)
    for mark in range(100):
        window.add(b"a", 0, marks=(mark,))
    assert window.entries <= 2 * ENTRIES_EACH + window.overflowed
    assert window.standing(b"a", 0).over is False
    assert window.overflowed == 100 - 2 * ENTRIES_EACH


def test_nobody_counts_as_the_overflow_actor() -> None:
    window = SlidingWindow(SPEC)
    window.add(OVERFLOW, 0, marks=(1, 2, 3, 4))
    assert window.standing(OVERFLOW, 0) == Standing(over=True, shared=True)
    assert window.standing(b"a", 0) == CALM


def test_address_of_more_than_five_actors_is_told() -> None:
    window = SlidingWindow(SPEC)
    for face in range(1, 7):
        assert window.standing(b"a", 0).shared is False
        window.add(b"a", 0, marks=(face,), face=face)
    assert window.standing(b"a", 0) == Standing(over=True, shared=True)


def test_windows_that_a_new_policy_keeps_go_on_as_they_stand() -> None:
    windows = Windows()
    other = Spec("other", distinct=False, over_s=1, more_than=1, hold_s=1)
    windows.of(SPEC).add(b"a", 0, marks=(1, 2, 3, 4))
    windows.of(other).add(b"a", 0, amount=9)
    windows.keep({SPEC})
    assert windows.of(SPEC).standing(b"a", 0).over
    assert len(windows.of(other)) == 0


def size_of(window: SlidingWindow) -> int:
    """All bytes that the actors of a window take."""
    actors = window._actors
    seen = set[int]()
    total = sys.getsizeof(actors)
    for key, actor in actors.items():
        total += sys.getsizeof(key) + sys.getsizeof(actor) + sys.getsizeof(actor.seen)
        for part in (*actor.seen, *actor.seen.values(), actor.last, actor.until, actor.total):
            if id(part) not in seen:
                seen.add(id(part))
                total += sys.getsizeof(part) + 8  # what malloc rounds up
    return total


def test_actor_with_five_values_takes_at_most_a_kilobyte() -> None:
    window = SlidingWindow(Spec("w", distinct=True, over_s=3600, more_than=200, hold_s=30))
    rng = random.Random(1)
    for number in range(2_000):
        for step in range(5):
            mark = rng.getrandbits(64)
            window.add(number.to_bytes(16), number + step / 10, marks=(mark,))
    assert len(window) == 2_000
    assert size_of(window) / 2_000 <= 1024


@pytest.mark.long
def test_window_does_not_grow_over_a_million_actors() -> None:
    window = SlidingWindow(SPEC, most=1_000)
    sizes = []
    for number in range(1_000_000):
        window.add(number.to_bytes(16), number / 1000, marks=(number,))
        if number % 250_000 == 249_999:
            sizes.append(size_of(window))
    assert len(window) <= 1_001
    assert max(sizes) <= 1.1 * min(sizes)


def test_amount_counts_until_it_is_as_old_as_the_window() -> None:
    spec = Spec("w", distinct=False, over_s=60, more_than=3, hold_s=30)
    window = SlidingWindow(spec)
    window.add(b"a", 0, amount=2)
    assert not window.add(b"a", 60, amount=2)
    window = SlidingWindow(spec)
    window.add(b"a", 0, amount=2)
    assert window.add(b"a", 59.9, amount=2)
