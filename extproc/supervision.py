"""Decides about workers: who is forked, told to leave or killed, and when a socket is shut.

Facts and the time come in, actions go out; the supervisor carries them out and knows nothing
better. A place is one socket and the worker behind it. A worker that dies is replaced at once, for
Envoy's connections wait on the socket meanwhile; a place whose workers die again and again as soon
as they serve is shut, because then a refused connection is the better answer: Envoy's retry goes
elsewhere at once. A worker that is out of date or too large is followed by another before it is
told to leave. What a place cannot meet in its stage is a fault of ours and raises FlowUsageError.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from extproc.orders import Action, Bounds, End, Fork, Kill, Look, Publish, Shut, Tell
from weirline.errors import FlowUsageError

TICK_S = 0.1  # how often the supervisor looks, and how often a worker says that it lives
START_LIMIT_S = 10.0  # until a forked worker must serve
SHORT_LIFE_S = 0.25  # a worker that served no longer than this before it died served nothing
FAULTS_AT_ONCE = 5  # short lives in a row that are met by a new worker without a pause
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
LARGE_AGE_S = 10.0  # a worker younger than this is not replaced for its size: the next would be too
LATE_S = 2.0  # beyond the drain, before a worker that leaves is killed


class Stage(enum.Enum):
    """How a place stands."""

    STARTING = "starting"  # its worker does not serve yet
    SERVING = "serving"
    ROLLING = "rolling"  # its worker serves, the one to follow does not yet
    DOWN = "down"  # shut; the next worker is due later
    STOPPED = "stopped"


class Occasion(enum.Enum):
    """What a place is told."""

    SERVES = "serves"  # the worker that was forked last
    ENDED = "ended"  # the worker in charge
    FOLLOWER_ENDED = "follower ended"
    LEAVES = "leaves"  # the worker in charge, told so by somebody else
    OUTDATED = "outdated"
    DUE = "due"
    STOP = "stop"


@dataclass(slots=True, eq=False)
class _Worker:
    number: int
    generation: int
    since_s: float  # forked, then serving
    serves: bool = False
    large: bool = False
    killed: bool = False
    quiet: bool = False  # it takes no new streams any more
    progress: float = -1.0
    still_s: float = 0.0
    leave_by_s: float = math.inf
    why: End = End.CRASH  # what its end will be counted as


@dataclass(slots=True, eq=False)
class _Place:
    number: int
    stage: Stage = Stage.DOWN
    charge: _Worker | None = None
    follower: _Worker | None = None
    short_lives: int = 0
    due_s: float = 0.0
    named: bool = False
    leaving: list[_Worker] = field(default_factory=list)

    def workers(self) -> list[_Worker]:
        return [each for each in (self.charge, self.follower, *self.leaving) if each is not None]


class Supervision:
    """The state of all places. Mutable: every method takes the time and returns what to do.

    Times are seconds of one clock that never goes back. An action that cannot be carried out is
    reported as the worker's end.
    """

    def __init__(self, places: int, bounds: Bounds) -> None:
        self._bounds = bounds
        self._places = [_Place(number) for number in range(places)]
        self._generation = 0
        self._forked = 0
        self._looked_s = 0.0
        self._stopping = False
        self._actions: list[Action] = []
        self._now = 0.0

    @property
    def serving(self) -> int:
        """How many places have a worker that serves."""
        return sum(each.charge is not None and each.charge.serves for each in self._places)

    @property
    def down(self) -> int:
        """How many places are shut because their workers die at once."""
        return sum(each.stage is Stage.DOWN for each in self._places)

    @property
    def current(self) -> bool:
        """Whether no worker that takes new streams knows less than the supervisor does."""
        workers = [worker for place in self._places for worker in place.workers()]
        return all(each.quiet or each.generation == self._generation for each in workers)

    @property
    def finished(self) -> bool:
        """Whether everything was stopped and no worker is left."""
        return self._stopping and not any(each.workers() for each in self._places)

    def start(self, now: float) -> list[Action]:
        """Fork the first worker of every place."""
        self._now = self._looked_s = now
        for place in self._places:
            self._tell(place, Occasion.DUE)
        return self._taken()

    def serves(self, worker: int, now: float) -> list[Action]:
        """Take note that a worker serves."""
        self._now = now
        place, found = self._find(worker)
        if found in (place.charge, place.follower) and not found.serves:
            found.serves, found.since_s, found.still_s = True, now, 0.0
            self._tell(place, Occasion.SERVES)
        return self._taken()

    def leaves(self, worker: int, now: float) -> list[Action]:
        """Take note that a worker takes no new streams any more."""
        self._now = now
        place, found = self._find(worker)
        found.quiet = True
        if found is place.charge:
            self._tell(place, Occasion.LEAVES)
        return self._taken()

    def ended(self, worker: int, now: float) -> tuple[End, list[Action]]:
        """Take note that a worker's process is over; return why, and what to do."""
        self._now = now
        place, found = self._find(worker)
        if found is place.charge:
            self._tell(place, Occasion.ENDED)
        elif found is place.follower:
            self._tell(place, Occasion.FOLLOWER_ENDED)
        else:
            place.leaving.remove(found)
        return found.why, self._taken()

    def roll(self, now: float) -> list[Action]:
        """Let every worker be followed by one that knows what the supervisor knows now."""
        self._now = now
        self._generation += 1
        self._reconsider()
        return self._taken()

    def stop(self, now: float) -> list[Action]:
        """Tell every worker to leave; told again, those that are left are told again."""
        self._now = now
        if self._stopping:
            self._actions += [Tell(each.number) for place in self._places for each in place.leaving]
        self._stopping = True
        for place in self._places:
            if place.stage is not Stage.STOPPED:
                self._tell(place, Occasion.STOP)
        return self._taken()

    def tick(self, now: float, looks: Mapping[int, Look]) -> list[Action]:
        """Judge every worker by what was seen of it, and fork what is due."""
        self._now = now
        # Who was not looking himself (a suspended machine) must not take that for stillness.
        passed_s = min(now - self._looked_s, 2 * TICK_S)
        self._looked_s = now
        for place in self._places:
            for worker in place.workers():
                if worker.number in looks:
                    self._judge(worker, looks[worker.number], passed_s)
        self._reconsider()
        return self._taken()

    # Judging workers.

    def _judge(self, worker: _Worker, look: Look, passed_s: float) -> None:
        alive = look.progress != worker.progress
        worker.still_s = 0.0 if alive else worker.still_s + passed_s
        worker.progress = look.progress
        patience_s = self._bounds.hang_s if worker.serves else START_LIMIT_S
        most = self._bounds.memory_bytes
        if worker.still_s >= patience_s:
            self._kill(worker, End.HUNG)
        elif self._now >= worker.leave_by_s:
            self._kill(worker, End.LATE)
        elif most and look.resident_bytes > 2 * most:
            self._kill(worker, End.MEMORY)
        elif most and worker.serves and self._now - worker.since_s >= LARGE_AGE_S:
            worker.large = look.resident_bytes > most

    def _kill(self, worker: _Worker, why: End) -> None:
        if not worker.killed:
            worker.killed, worker.why = True, why
            self._actions.append(Kill(worker.number, why))

    def _reconsider(self) -> None:
        for place in self._places:
            if place.due_s > self._now:
                continue
            if place.stage is Stage.DOWN:
                self._tell(place, Occasion.DUE)
            elif place.stage is Stage.SERVING and place.charge is not None:
                old = place.charge.generation < self._generation
                if old or place.charge.large:
                    self._tell(place, Occasion.OUTDATED)

    # Transitions of a place.

    def _tell(self, place: _Place, occasion: Occasion) -> None:
        step = self._TRANSITIONS.get((place.stage, occasion))
        if step is None:
            raise FlowUsageError(f"place is {place.stage.value}: cannot meet {occasion.value}")
        step(self, place)

    def _begin(self, place: _Place) -> None:
        place.charge, place.stage = self._fork(place), Stage.STARTING

    def _follow(self, place: _Place) -> None:
        place.follower, place.stage = self._fork(place), Stage.ROLLING

    def _serve(self, place: _Place) -> None:
        place.stage = Stage.SERVING
        if not place.named:
            place.named = True
            self._actions.append(Publish(place.number))

    def _hand_over(self, place: _Place) -> None:
        if place.charge is not None:
            self._dismiss(place, place.charge)
        place.charge, place.follower, place.stage = place.follower, None, Stage.SERVING

    def _step_back(self, place: _Place) -> None:
        """Stay with the old worker for a while: the one to follow it did not come up."""
        place.follower, place.stage = None, Stage.SERVING
        place.due_s = self._now + LONGEST_PAUSE_S

    def _promote(self, place: _Place) -> None:
        place.charge, place.follower, place.stage = place.follower, None, Stage.STARTING

    def _let_go(self, place: _Place) -> None:
        """Go on without a worker in charge that leaves by itself."""
        if place.charge is not None:
            self._see_off(place, place.charge)
        if place.stage is Stage.ROLLING:
            self._promote(place)
        else:
            self._begin(place)

    def _replace(self, place: _Place) -> None:
        """Put another worker in the place of one that died, now or after a pause."""
        dead = place.charge
        short = dead is None or not dead.serves or self._now - dead.since_s <= SHORT_LIFE_S
        place.short_lives = place.short_lives + 1 if short else 0
        if place.short_lives < FAULTS_AT_ONCE:
            self._begin(place)
            return
        doublings = min(place.short_lives - FAULTS_AT_ONCE, 16)
        pause_s = min(FIRST_PAUSE_S * 2**doublings, LONGEST_PAUSE_S)
        place.charge, place.stage, place.named = None, Stage.DOWN, False
        place.due_s = self._now + pause_s
        self._actions.append(Shut(place.number, pause_s))

    def _stop(self, place: _Place) -> None:
        for worker in (place.charge, place.follower):
            if worker is not None:
                self._dismiss(place, worker)
        place.charge, place.follower, place.stage = None, None, Stage.STOPPED

    def _fork(self, place: _Place) -> _Worker:
        worker = _Worker(self._forked, self._generation, self._now)
        self._forked += 1
        self._actions.append(Fork(worker.number, place.number))
        return worker

    def _dismiss(self, place: _Place, worker: _Worker) -> None:
        self._actions.append(Tell(worker.number))
        self._see_off(place, worker)

    def _see_off(self, place: _Place, worker: _Worker) -> None:
        worker.why = worker.why if worker.killed else End.ASKED
        worker.leave_by_s = self._now + self._bounds.drain_s + LATE_S
        place.leaving.append(worker)

    def _find(self, number: int) -> tuple[_Place, _Worker]:
        for place in self._places:
            for worker in place.workers():
                if worker.number == number:
                    return place, worker
        raise FlowUsageError("no such worker")

    def _taken(self) -> list[Action]:
        actions, self._actions = self._actions, []
        return actions

    _TRANSITIONS: ClassVar[dict[tuple[Stage, Occasion], Callable[[Supervision, _Place], None]]] = {
        (Stage.DOWN, Occasion.DUE): _begin,
        (Stage.DOWN, Occasion.STOP): _stop,
        (Stage.STARTING, Occasion.SERVES): _serve,
        (Stage.STARTING, Occasion.ENDED): _replace,
        (Stage.STARTING, Occasion.LEAVES): _let_go,
        (Stage.STARTING, Occasion.STOP): _stop,
        (Stage.SERVING, Occasion.ENDED): _replace,
        (Stage.SERVING, Occasion.LEAVES): _let_go,
        (Stage.SERVING, Occasion.OUTDATED): _follow,
        (Stage.SERVING, Occasion.STOP): _stop,
        (Stage.ROLLING, Occasion.SERVES): _hand_over,
        (Stage.ROLLING, Occasion.ENDED): _promote,
        (Stage.ROLLING, Occasion.LEAVES): _let_go,
        (Stage.ROLLING, Occasion.FOLLOWER_ENDED): _step_back,
        (Stage.ROLLING, Occasion.STOP): _stop,
    }
