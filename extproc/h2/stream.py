"""One ext_proc stream on the fast transport: its exchange, and what must wait for the pool."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from extproc.exchange import Answer, Exchange


@dataclass(slots=True, eq=False)
class Stream:
    """The state of one open stream; owned by its connection and gone with its end. Mutable.

    `waiting` holds what came while `work` was running in the pool, as (kind, payload); it is
    bounded by the client's window, which is not given back meanwhile. `work_began_s` is when the
    pool took it up, None before; an `abandoned` one is not taken up any more. Times are of the
    service's clock in seconds.
    """

    number: int
    exchange: Exchange
    touched_s: float
    work: asyncio.Future[Answer] | None = None
    waiting: deque[tuple[int, object]] | None = None
    deadline: asyncio.TimerHandle | None = None
    work_began_s: float | None = None
    abandoned: bool = False
