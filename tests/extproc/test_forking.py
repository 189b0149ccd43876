from __future__ import annotations

import os
import signal
import socket
import warnings
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from extproc.forking import FAULT, fork

MARK = 7


def _ended(run: Callable[[], int], keep: Collection[int] = ()) -> int:
    """Fork, wait, and return the exit code, or minus the signal."""
    with warnings.catch_warnings():
        # The test's own process has a thread; only what the child does here is looked at.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = fork(run, keep=keep)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_process_exits_with_what_its_function_returns() -> None:
    assert _ended(lambda: MARK) == MARK


def test_process_whose_function_raises_exits_with_a_fault_and_never_returns() -> None:
    def fail() -> int:
        raise ValueError

    assert _ended(fail) == FAULT


def test_process_keeps_the_files_it_was_given_and_no_other() -> None:
    kept, other = socket.socketpair()

    def look() -> int:
        listed = {int(entry.name) for entry in Path("/proc/self/fd").iterdir()}
        return 0 if {fd for fd in listed if _open(fd)} == {0, 1, 2, kept.fileno()} else MARK

    with kept, other:
        assert _ended(look, [kept.fileno()]) == 0


def _open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def test_process_obeys_sigterm_and_leaves_what_is_for_the_supervisor() -> None:
    def look() -> int:
        if signal.pthread_sigmask(signal.SIG_BLOCK, ()):
            return MARK
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGTERM)
        return MARK

    assert _ended(look) == -signal.SIGTERM


def test_signal_of_the_process_is_not_heard_by_the_one_that_forked_it() -> None:
    heard, wakes = socket.socketpair()
    with heard, wakes:
        heard.setblocking(False)
        wakes.setblocking(False)
        before = signal.set_wakeup_fd(wakes.fileno())
        handler = signal.signal(signal.SIGUSR1, lambda *_: None)
        try:

            def look() -> int:
                os.kill(os.getpid(), signal.SIGUSR1)
                return 0

            # Kept open on purpose: the number of a closed file may soon be another one's.
            assert _ended(look, [wakes.fileno()]) == 0
            with pytest.raises(BlockingIOError):
                heard.recv(1)
        finally:
            signal.signal(signal.SIGUSR1, handler)
            signal.set_wakeup_fd(before)


def test_signals_are_taken_again_after_the_fork() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert _ended(lambda: 0) == 0
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
