"""One compile in the background, for a process that forks and so has no threads.

The child's answer is read as it comes on the loop that is there. A newer order ends the older one:
only the last policy counts.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Callable

from extproc.policy_compile import Made, Order, read_answer, start
from weirline.errors import FlowUsageError

_PIECE_BYTES = 1 << 20


class BackgroundCompile:
    """At most one child at a time. Mutable; `done` is called on the loop when its answer is whole.

    Where no child can be started, `done` is called too: `take` then makes it here.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, done: Callable[[], object]) -> None:
        self._loop = loop
        self._done = done
        self._child: subprocess.Popen[bytes] | None = None
        self._order: Order | None = None
        self._answer = bytearray()

    def begin(self, order: Order) -> None:
        """Start on an order; the one before is dropped."""
        self.drop()
        self._order = order
        try:
            self._child = start(order)
        except OSError:
            self._loop.call_soon(self._done)
            return
        self._loop.add_reader(self._fileno(), self._more)

    def drop(self) -> None:
        """End what is under way, without an answer."""
        if self._child is not None:
            self._child.kill()
            self._close()
        self._order = None
        self._answer.clear()

    def take(self) -> Made | None:
        """Return what was made, once; None where there was no order any more."""
        order, self._order = self._order, None
        answer = bytes(self._answer)
        self._answer.clear()
        return None if order is None else read_answer(answer, order)

    def _fileno(self) -> int:
        if self._child is None or self._child.stdout is None:
            raise FlowUsageError("no compile is under way")
        return self._child.stdout.fileno()

    def _more(self) -> None:
        piece = os.read(self._fileno(), _PIECE_BYTES)
        self._answer += piece
        if not piece:
            self._close()
            self._done()

    def _close(self) -> None:
        child, fileno = self._child, self._fileno()
        self._loop.remove_reader(fileno)
        self._child = None
        if child is not None and child.stdout is not None:
            child.stdout.close()
            child.wait()
