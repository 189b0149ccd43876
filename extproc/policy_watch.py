"""Notices that a policy file is another one than was read, so that nobody has to send a signal.

A file is looked at, not listened to: that works for mounted secrets and maps, whose files are
swapped by a link. One that is still being written must not be read, so a change counts when the
file has stayed the same for a while. A new day counts too, as exceptions end with their date.
"""

from __future__ import annotations

import time
from pathlib import Path

LOOK_S = 0.5  # how often the file is looked at, at most

Signature = tuple[int, int, int, str] | None


class PolicyWatch:
    """Watches one path. Mutable; asked by one loop. An empty path or `settle_s` 0 never changes."""

    def __init__(self, path: str, settle_s: float) -> None:
        self._path = path
        self._settle_s = settle_s
        self._read = self._pending = self._look()
        self._since = self._looked = time.monotonic()

    def note(self) -> None:
        """Take the file as it is now for the one that is being read."""
        self._read = self._pending = self._look()

    def changed(self) -> bool:
        """Say whether the file is another one and has settled; it is noted as read then.

        Costs a look at the file at most twice a second, else nothing.
        """
        now = time.monotonic()
        if not self._path or not self._settle_s or now - self._looked < LOOK_S:
            return False
        self._looked = now
        seen = self._look()
        if seen != self._pending:
            self._pending, self._since = seen, now
        if seen is None or seen == self._read or now - self._since < self._settle_s:
            return False
        self._read = seen
        return True

    def _look(self) -> Signature:
        """What tells two files apart, and the day; None while there is no file."""
        try:
            found = Path(self._path).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino, time.strftime("%j", time.gmtime())
