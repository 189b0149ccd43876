"""Child processes of ours that are told something and answer once, then end.

What takes long, leaves memory behind or opens connections is done in one, because the process that
forks workers must stay small, without threads and without a wait.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable

from weirline.errors import FlowUsageError

_PIECE_BYTES = 1 << 20


def start_child(module: str, said: bytes) -> subprocess.Popen[bytes]:
    """Run a module of ours with `said` on its stdin; its answer comes on stdout. Raises OSError."""
    search_path = os.pathsep.join(entry for entry in sys.path if entry)
    stdin = os.memfd_create("said", os.MFD_CLOEXEC)  # a pipe would have to be fed as it is read
    try:
        with os.fdopen(os.dup(stdin), "wb") as file:
            file.write(said)
        os.lseek(stdin, 0, os.SEEK_SET)
        return subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": search_path},
        )
    finally:
        os.close(stdin)


def ask_child(module: str, said: bytes, *, seconds: float) -> bytes:
    """Run a module and return its answer, empty where there is none in time."""
    try:
        with start_child(module, said) as child:
            try:
                return child.communicate(timeout=seconds)[0]
            except subprocess.TimeoutExpired:
                child.kill()
    except OSError:
        pass
    return b""


class BackgroundChild:
    """At most one child at a time, read on the loop as it answers; a newer one ends the older.

    Mutable. `done` is called on the loop when an answer is whole, and where no child can start.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, done: Callable[[], object]) -> None:
        self._loop = loop
        self._done = done
        self._child: subprocess.Popen[bytes] | None = None
        self._answer: bytearray | None = None

    def begin(self, module: str, said: bytes) -> None:
        """Start a child; what the one before would say is dropped."""
        self.drop()
        self._answer = bytearray()
        try:
            self._child = start_child(module, said)
        except OSError:
            self._loop.call_soon(self._done)
            return
        self._loop.add_reader(self._fileno(), self._more)

    def drop(self) -> None:
        """End what is under way, without an answer."""
        if self._child is not None:
            self._child.kill()
            self._close()
        self._answer = None

    def take(self) -> bytes | None:
        """Return an answer, once, empty where the child had none; None where nothing was asked."""
        answer, self._answer = self._answer, None
        return None if answer is None else bytes(answer)

    def _fileno(self) -> int:
        if self._child is None or self._child.stdout is None:
            raise FlowUsageError("no child is under way")
        return self._child.stdout.fileno()

    def _more(self) -> None:
        piece = os.read(self._fileno(), _PIECE_BYTES)
        if self._answer is not None:
            self._answer += piece
        if not piece:
            self._close()
            self._done()

    def _close(self) -> None:
        child = self._child
        self._loop.remove_reader(self._fileno())
        self._child = None
        if child is not None and child.stdout is not None:
            child.stdout.close()
            child.wait()
