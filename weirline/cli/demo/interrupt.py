"""Ctrl-C, SIGTERM and SIGHUP, made one thing: an exception in the main thread, once.

The first signal unwinds whatever runs, so that everything started is stopped by whoever started it;
later ones are ignored until that is done, because a half-done clean-up leaves processes behind.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Somebody wants the demo to end. No Exception: nothing but the command itself may catch it."""

    def __init__(self, signal_number: int) -> None:
        """Remember the signal's number."""
        self.signal_number = signal_number
        super().__init__(signal_number)


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise Interrupted at the first of these signals while the context is open.

    Only for the main thread. The signals' earlier meaning comes back afterwards.
    """
    earlier = {number: signal.getsignal(number) for number in SIGNALS}

    def raise_once(number: int, _frame: FrameType | None) -> None:
        hold_off()
        raise Interrupted(number)

    for number in SIGNALS:
        signal.signal(number, raise_once)
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def hold_off() -> None:
    """Ignore the signals from here to the end of the surrounding `interruptible`."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
