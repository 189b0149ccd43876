"""A process the demo starts and never leaves behind.

Each child gets a session of its own, so that Ctrl-C in a terminal reaches the demo alone and the
demo stops its children in order; and the kernel kills the child if the demo dies without a chance
to (prctl PR_SET_PDEATHSIG, Linux). Its output goes to a file, whose last lines are shown when it
fails. It refuses to wait without end: every wait has a limit and notices a dead child at once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from weirline.errors import WeirlineError

POLL_S = 0.01
STOP_S = 3.0
LAST_LINES = 15

# Run between fork and exec as a program of its own: code in the forked copy of a process that has
# threads is not safe. The signal number and the parent's process id come first.
GUARD = (
    "import ctypes, os, sys\n"
    "ctypes.CDLL(None).prctl(1, int(sys.argv[1]))\n"
    "os.getppid() == int(sys.argv[2]) and os.execv(sys.argv[3], sys.argv[3:])\n"
)


class ChildFailed(WeirlineError):
    """A process of the demo ended, or did not become ready; the text ends with its last lines."""


class Child:
    """One running child. Mutable: it owns the process until `stop`."""

    def __init__(
        self, name: str, command: Sequence[str], *, log: Path, environment: Mapping[str, str]
    ) -> None:
        """Start `command` (its first item a path), with standard output and error into `log`."""
        self.name = name
        self._log = log
        guard = [
            sys.executable,
            "-I",
            "-S",
            "-c",
            GUARD,
            str(int(signal.SIGKILL)),
            str(os.getpid()),
        ]
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [*guard, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    def wait_until(
        self, condition: Callable[[], bool], *, limit_s: float, failing: str = "was not ready"
    ) -> None:
        """Wait until `condition` holds; `failing` says what it means if it never does.

        Raises ChildFailed if the child ends, or after `limit_s` seconds.
        """
        end = time.monotonic() + limit_s
        while not condition():
            try:
                code = self._process.wait(timeout=POLL_S)
            except subprocess.TimeoutExpired:
                if time.monotonic() > end:
                    raise self.failure(f"{failing} after {limit_s:g} s") from None
                continue
            raise self.failure(f"ended with exit code {code}")

    def failure(self, what: str) -> ChildFailed:
        """Return the error that says what happened, with the child's last lines."""
        lines = self._log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        shown = "\n".join(f"    {line}" for line in lines) or "    (it wrote nothing)"
        return ChildFailed(f"{self.name} {what}; its last lines:\n{shown}")

    def check(self) -> None:
        """Raise ChildFailed if the process has ended by itself."""
        code = self._process.poll()
        if code is not None:
            raise self.failure(f"ended with exit code {code}")

    def stop(self) -> None:
        """End the process: ask first, kill after three seconds. May be called twice."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(timeout=STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
