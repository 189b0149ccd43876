"""Sliding windows: who has done more than so much in the last so much time, in bounded memory.

Exact: an event counts until it is as old as the window, and of each actor no more is kept than what
can still change the answer, one entry beyond the limit. Actors come from traffic, so their number
is capped: the one that has been still for longest gives way once nothing of it counts, else all
further actors share one, the overflow actor. No clock in here: whoever asks says what time it is.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

MOST_ACTORS: Final = 20_000  # told apart at once, in each window
ENTRIES_EACH: Final = 16  # kept for each actor on average, before the overflow actor takes more
MOST_FACES: Final = 5  # actors behind one address; with more it is a place that many share
OVERFLOW: Final = b""  # no key from outside is empty

_LOOKED_AT = 16  # of the actors that have been still for longest, when one must give way


@dataclass(frozen=True, slots=True)
class Spec:
    """One window: `more_than` so much in `over_s` seconds, and then for `hold_s` seconds.

    `distinct` counts different marks, else amounts are added up.
    """

    id: str
    distinct: bool
    over_s: float
    more_than: int
    hold_s: float


class Standing(NamedTuple):
    """What is known of an actor: `over` the limit now, `shared` by too many to be blocked."""

    over: bool
    shared: bool


CALM: Final = Standing(over=False, shared=False)


class _Actor:
    """What one actor did: marks with the time each was last seen, or times with amounts."""

    __slots__ = ("faces", "last", "seen", "total", "until")

    def __init__(self) -> None:
        self.seen: dict[float, float] = {}
        self.total = 0
        self.last = 0.0
        self.until = 0.0
        self.faces: tuple[int, ...] = ()


class SlidingWindow:
    """One window for all its actors. Mutable; one owner, one thread at a time.

    `overflowed` counts events that went to the overflow actor. Times are in seconds of a clock that
    never goes back. About 1 KB an actor with five different values.
    """

    __slots__ = ("_actors", "_entries", "_most", "_most_entries", "_spec", "overflowed")

    def __init__(self, spec: Spec, most: int = MOST_ACTORS) -> None:
        """`most` actors are told apart at once."""
        self._spec = spec
        self._most = most
        self._most_entries = most * ENTRIES_EACH
        self._actors: OrderedDict[bytes, _Actor] = OrderedDict()
        self._entries = 0
        self.overflowed = 0

    def __len__(self) -> int:
        """How many actors are known now, the overflow actor included."""
        return len(self._actors)

    @property
    def entries(self) -> int:
        """How many values or times are kept now."""
        return self._entries

    def add(
        self, key: bytes, now: float, *, amount: int = 1, marks: Iterable[int] = (), face: int = 0
    ) -> bool:
        """Add what an actor did now; return whether it went over the limit by that.

        An actor that is over already does not go over again, but stays over for longer. `marks` are
        what is counted in a distinct window, `amount` (1 or more) else. `face` is who stands behind
        an address that is the actor, 0 where nobody is known.
        """
        actor = self._actor(key, now)
        before = len(actor.seen)
        over = self._count_marks(actor, now, marks) if self._spec.distinct else False
        if not self._spec.distinct:
            over = self._count_amount(actor, now, amount)
        self._entries += len(actor.seen) - before
        actor.last = now
        if face and len(actor.faces) <= MOST_FACES and face not in actor.faces:
            actor.faces += (face,)
        if not over:
            return False
        fresh = actor.until <= now
        actor.until = now + self._spec.hold_s
        return fresh

    def standing(self, key: bytes, now: float) -> Standing:
        """Say whether an actor is over the limit, or was within the last `hold_s` seconds."""
        actor = self._actors.get(key)
        if actor is not None and key != OVERFLOW:
            return Standing(actor.until > now, len(actor.faces) > MOST_FACES)
        actor = self._actors.get(OVERFLOW)
        if actor is None or (key != OVERFLOW and not self._full):
            return CALM
        return Standing(actor.until > now, shared=True)

    @property
    def _full(self) -> bool:
        return len(self._actors) >= self._most or self._entries >= self._most_entries

    def _actor(self, key: bytes, now: float) -> _Actor:
        actor = self._actors.get(key)
        if key != OVERFLOW and self._entries >= self._most_entries and not self._room(now, key):
            actor = None
        elif actor is None and len(self._actors) >= self._most and not self._room(now, key):
            pass
        elif actor is None:
            actor = self._actors[key] = _Actor()
        if actor is None:
            self.overflowed += 1
            key = OVERFLOW
            actor = self._actors.setdefault(key, _Actor())
        self._actors.move_to_end(key)
        return actor

    def _room(self, now: float, asking: bytes) -> bool:
        """Let an actor go of whom nothing counts any more; say whether there was one."""
        since = now - self._spec.over_s
        for key, actor in islice(self._actors.items(), _LOOKED_AT):
            if actor.last <= since and actor.until <= now and key != asking:
                self._entries -= len(actor.seen)
                del self._actors[key]
                return True
        return False

    def _count_marks(self, actor: _Actor, now: float, marks: Iterable[int]) -> bool:
        """The marks seen most recently are kept, in the order in which they were seen last."""
        seen, most = actor.seen, self._spec.more_than
        for mark in marks:
            seen.pop(mark, None)
            seen[mark] = now
        since = now - self._spec.over_s
        while seen:
            oldest = next(iter(seen))
            if seen[oldest] > since and len(seen) <= most + 1:
                break
            del seen[oldest]
        return len(seen) > most

    def _count_amount(self, actor: _Actor, now: float, amount: int) -> bool:
        seen, most = actor.seen, self._spec.more_than
        seen[now] = seen.get(now, 0) + amount
        total = actor.total + amount
        since = now - self._spec.over_s
        while seen:
            oldest = next(iter(seen))
            there = int(seen[oldest])
            if oldest > since and total - there <= most:
                break
            total -= there
            del seen[oldest]
        actor.total = total
        return total > most


class Windows:
    """All windows of one process. Mutable; one owner, one thread at a time."""

    __slots__ = ("_by_spec", "_most")

    def __init__(self, most: int = MOST_ACTORS) -> None:
        """`most` actors are told apart in each window."""
        self._by_spec: dict[Spec, SlidingWindow] = {}
        self._most = most

    def of(self, spec: Spec) -> SlidingWindow:
        """Return the window of a spec, an empty one where it is new."""
        window = self._by_spec.get(spec)
        if window is None:
            window = self._by_spec[spec] = SlidingWindow(spec, self._most)
        return window

    def keep(self, specs: Collection[Spec]) -> None:
        """Forget the windows of other specs; those of the same go on as they stand."""
        self._by_spec = {spec: window for spec, window in self._by_spec.items() if spec in specs}
