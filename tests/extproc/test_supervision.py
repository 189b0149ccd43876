from __future__ import annotations

import pytest

from extproc.orders import Action, Bounds, End, Fork, Kill, Look, Publish, Shut, Tell
from extproc.supervision import (
    FAULTS_AT_ONCE,
    FIRST_PAUSE_S,
    LARGE_AGE_S,
    LATE_S,
    LONGEST_PAUSE_S,
    SHORT_LIFE_S,
    START_LIMIT_S,
    TICK_S,
    Supervision,
)
from weirline.errors import FlowUsageError

MIB = 1 << 20
BOUNDS = Bounds(hang_s=2.0, memory_bytes=200 * MIB, drain_s=10.0)
LONG_S = 60.0


class Play:
    """A supervision with a clock, and a world that does what it is told unless a test says no."""

    def __init__(self, places: int = 1) -> None:
        self.supervision = Supervision(places, BOUNDS)
        self.now = 1000.0
        self.forked: list[int] = []
        self.beats = 0
        self.sizes: dict[int, int] = {}
        self.silent: set[int] = set()
        self.take(self.supervision.start(self.now))

    def take(self, actions: list[Action]) -> list[Action]:
        self.forked += [action.worker for action in actions if isinstance(action, Fork)]
        return actions

    def serves(self, worker: int) -> list[Action]:
        return self.take(self.supervision.serves(worker, self.now))

    def ends(self, worker: int) -> tuple[End, list[Action]]:
        self.forked.remove(worker)
        why, actions = self.supervision.ended(worker, self.now)
        return why, self.take(actions)

    def current(self) -> bool:
        return self.supervision.current

    def finished(self) -> bool:
        return self.supervision.finished

    def passes(self, seconds: float) -> list[Action]:
        """Tick for so long; every worker shows life unless it is `silent`."""
        actions: list[Action] = []
        until = self.now + seconds
        while self.now < until - 1e-9:
            self.now += min(TICK_S, until - self.now)
            self.beats += 1
            looks = {
                worker: Look(0 if worker in self.silent else self.beats, self.sizes.get(worker, 0))
                for worker in self.forked
            }
            actions += self.take(self.supervision.tick(self.now, looks))
        return actions


def _serving(places: int = 1) -> Play:
    play = Play(places)
    for worker in range(places):
        play.serves(worker)
    play.passes(LONG_S)
    return play


def test_every_place_gets_a_worker_and_its_name_when_that_serves() -> None:
    play = Play(2)
    assert play.forked == [0, 1]
    assert play.serves(1) == [Publish(1)]
    assert play.supervision.serving == 1
    assert play.serves(0) == [Publish(0)]
    assert play.supervision.serving == 2


def test_worker_that_dies_is_replaced_at_once_and_its_socket_stays() -> None:
    play = _serving()
    assert play.ends(0) == (End.CRASH, [Fork(1, 0)])
    assert play.serves(1) == []
    assert play.supervision.down == 0


def test_worker_that_falls_silent_is_killed_once_and_then_replaced() -> None:
    play = _serving()
    play.silent.add(0)
    assert play.passes(BOUNDS.hang_s - TICK_S) == []
    assert play.passes(3 * TICK_S) == [Kill(0, End.HUNG)]
    assert play.passes(1.0) == []
    assert play.ends(0) == (End.HUNG, [Fork(1, 0)])


def test_worker_that_shows_life_now_and_then_is_left_alone() -> None:
    play = _serving()
    for _ in range(5):
        play.silent.add(0)
        assert play.passes(BOUNDS.hang_s - 2 * TICK_S) == []
        play.silent.clear()
        assert play.passes(TICK_S) == []


def test_suspended_machine_is_not_taken_for_a_hung_worker() -> None:
    play = _serving()
    play.silent.add(0)
    play.passes(2 * TICK_S)
    play.now += 3600
    assert play.passes(TICK_S) == []
    play.silent.clear()
    assert play.passes(LONG_S) == []


def test_worker_that_never_serves_is_killed_after_its_time() -> None:
    play = Play()
    play.silent.add(0)
    assert play.passes(START_LIMIT_S - TICK_S) == []
    assert play.passes(3 * TICK_S) == [Kill(0, End.HUNG)]


def test_workers_that_die_as_soon_as_they_serve_get_their_socket_shut_for_longer_and_longer() -> (
    None
):
    play = Play()
    for worker in range(FAULTS_AT_ONCE - 1):
        play.serves(worker)
        assert play.ends(worker)[1] == [Fork(worker + 1, 0)]
    worker, pause_s = FAULTS_AT_ONCE - 1, FIRST_PAUSE_S
    while pause_s < LONGEST_PAUSE_S:
        assert play.ends(worker)[1] == [Shut(0, pause_s)]
        assert play.supervision.down == 1
        assert play.passes(pause_s - 0.01) == []
        assert play.passes(0.02) == [Fork(worker + 1, 0)]
        worker, pause_s = worker + 1, min(2 * pause_s, LONGEST_PAUSE_S)
    assert play.ends(worker)[1] == [Shut(0, LONGEST_PAUSE_S)]


def test_place_that_was_shut_gets_its_name_back_and_another_chance() -> None:
    play = Play()
    for worker in range(FAULTS_AT_ONCE):
        play.ends(worker)
    play.passes(FIRST_PAUSE_S)
    assert play.serves(FAULTS_AT_ONCE) == [Publish(0)]
    play.passes(2 * SHORT_LIFE_S)
    assert play.ends(FAULTS_AT_ONCE)[1] == [Fork(FAULTS_AT_ONCE + 1, 0)]


def test_ten_deaths_in_a_row_after_a_calm_moment_are_each_met_at_once() -> None:
    play = _serving()
    for worker in range(10):
        play.passes(2 * SHORT_LIFE_S)
        assert play.ends(worker)[1] == [Fork(worker + 1, 0)]
        assert play.serves(worker + 1) == []


def test_policy_that_comes_into_force_lets_every_worker_be_followed_before_it_leaves() -> None:
    play = _serving(2)
    assert play.take(play.supervision.roll(play.now)) == [Fork(2, 0), Fork(3, 1)]
    assert not play.current()
    assert play.serves(2) == [Tell(0)]
    assert play.serves(3) == [Tell(1)]
    assert play.ends(0) == (End.ASKED, [])
    assert not play.current()
    assert play.supervision.leaves(1, play.now) == []
    assert play.current()
    assert play.supervision.serving == 2


def test_policy_that_comes_while_a_worker_starts_is_made_up_for() -> None:
    play = Play()
    assert play.supervision.roll(play.now) == []
    assert play.serves(0) == [Publish(0)]
    assert play.passes(TICK_S) == [Fork(1, 0)]


def test_follower_that_dies_leaves_the_old_worker_in_charge_for_a_while() -> None:
    play = _serving()
    play.take(play.supervision.roll(play.now))
    assert play.ends(1) == (End.CRASH, [])
    assert play.supervision.serving == 1
    assert play.passes(LONGEST_PAUSE_S - TICK_S) == []
    assert play.passes(2 * TICK_S) == [Fork(2, 0)]


def test_old_worker_that_dies_while_it_is_followed_leaves_the_place_to_its_follower() -> None:
    play = _serving()
    play.take(play.supervision.roll(play.now))
    assert play.ends(0) == (End.CRASH, [])
    assert play.serves(1) == []
    assert play.supervision.serving == 1


@pytest.mark.parametrize("rolling", [False, True], ids=["alone", "while followed"])
def test_worker_told_to_leave_by_somebody_else_is_followed_at_once(rolling: bool) -> None:
    play = _serving()
    if rolling:
        play.take(play.supervision.roll(play.now))
    expected = [] if rolling else [Fork(1, 0)]
    assert play.take(play.supervision.leaves(0, play.now)) == expected
    assert play.serves(1) == []
    assert play.ends(0) == (End.ASKED, [])


def test_worker_that_leaves_too_late_is_killed() -> None:
    play = _serving()
    play.take(play.supervision.roll(play.now))
    play.serves(1)
    assert play.passes(BOUNDS.drain_s + LATE_S - 2 * TICK_S) == []
    assert play.passes(3 * TICK_S) == [Kill(0, End.LATE)]
    assert play.ends(0) == (End.LATE, [])


def test_worker_that_outgrows_its_bound_is_followed_then_told_to_leave() -> None:
    play = _serving()
    play.sizes[0] = BOUNDS.memory_bytes + 1
    assert play.passes(2 * TICK_S) == [Fork(1, 0)]
    assert play.serves(1) == [Tell(0)]
    play.sizes[1] = BOUNDS.memory_bytes + 1  # a bound that is too small makes no storm
    assert play.passes(LARGE_AGE_S - TICK_S) == []


def test_worker_twice_as_large_as_it_may_be_is_killed() -> None:
    play = _serving()
    play.sizes[0] = 2 * BOUNDS.memory_bytes + 1
    assert play.passes(TICK_S) == [Kill(0, End.MEMORY)]
    assert play.ends(0) == (End.MEMORY, [Fork(1, 0)])


def test_without_a_bound_no_worker_is_too_large() -> None:
    supervision = Supervision(1, Bounds(2.0, 0, 10.0))
    supervision.start(0.0)
    supervision.serves(0, 0.0)
    assert supervision.tick(LARGE_AGE_S + 1, {0: Look(1, 1 << 50)}) == []


def test_stop_tells_every_worker_and_is_finished_when_the_last_has_gone() -> None:
    play = _serving(2)
    play.take(play.supervision.roll(play.now))
    assert play.supervision.stop(play.now) == [Tell(0), Tell(2), Tell(1), Tell(3)]
    assert play.serves(2) == []
    for worker in (0, 2, 1):
        assert play.ends(worker) == (End.ASKED, [])
    assert not play.finished()
    assert play.supervision.stop(play.now) == [Tell(3)]
    play.ends(3)
    assert play.finished()
    assert play.passes(LONG_S) == []


def test_stop_in_a_pause_is_finished_at_once() -> None:
    play = Play()
    for worker in range(FAULTS_AT_ONCE):
        play.ends(worker)
    assert play.supervision.stop(play.now) == []
    assert play.finished()


def test_what_a_place_cannot_meet_names_its_stage_and_the_occasion() -> None:
    supervision = Supervision(1, BOUNDS)
    supervision.start(0.0)
    with pytest.raises(FlowUsageError, match="place is starting: cannot meet due"):
        supervision.start(0.0)


def test_number_of_no_worker_is_a_fault() -> None:
    with pytest.raises(FlowUsageError, match="no such worker"):
        Play().supervision.ended(7, 0.0)
