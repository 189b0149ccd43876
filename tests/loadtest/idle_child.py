"""A child process that does nothing until it is stopped, for tests that only need one to exist."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from weirline.cli.demo.child import Child


@contextlib.contextmanager
def idle_child(folder: Path) -> Iterator[Child]:
    """Run it with its log in `folder`."""
    command = [sys.executable, "-S", "-c", "import signal; signal.pause()"]
    child = Child("idle", command, log=folder / "log", environment={})
    try:
        yield child
    finally:
        child.stop()
