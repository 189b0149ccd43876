"""Forks a worker so that it shares nothing with its supervisor but what it was handed.

The supervisor's loop, signal handlers and open files are in the copy too: a signal that the worker
got would be heard by the supervisor over the pipe they share, and an inherited listener would keep
a port open that nobody serves. So signals wait until the worker has taken the handlers off, and it
closes every file it was not given. It never returns into the supervisor's code. The process that
forks must have no threads. Source: fork(2), signal(7), python.org's library page of `signal`.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

FAULT = 1
# What is for the supervisor alone, also where a terminal or a script sends it to all processes.
_IGNORED = (signal.SIGINT, signal.SIGHUP)
_DEFAULT = (signal.SIGTERM, signal.SIGCHLD)
_STANDARD = (0, 1, 2)


def fork(run: Callable[[], int], *, keep: Collection[int]) -> int:
    """Fork a process that keeps only the files `keep`, runs `run` and exits with what it returns.

    Returns the new process's number. Takes some milliseconds. Raises OSError.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        pid = os.fork()
        if pid == 0:
            _become_worker(run, keep)
        return pid
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _become_worker(run: Callable[[], int], keep: Collection[int]) -> NoReturn:
    code = FAULT
    try:
        signal.set_wakeup_fd(-1)
        for number in _DEFAULT:
            signal.signal(number, signal.SIG_DFL)
        for number in _IGNORED:
            signal.signal(number, signal.SIG_IGN)
        _close_others({*_STANDARD, *keep})
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        code = run()
    finally:
        # Whatever is raised ends here: what lies below on the stack is the supervisor's.
        os._exit(code)


def _close_others(keep: Collection[int]) -> None:
    for entry in list(Path("/proc/self/fd").iterdir()):
        descriptor = int(entry.name)
        if descriptor not in keep:
            with suppress(OSError):  # the listing's own is gone by now
                os.close(descriptor)
