"""Tells someone who waits how far a scan is: on a terminal only, so that no log fills with it."""

from __future__ import annotations

import sys
import time

from weirline.cli.scan.form import Totals

EVERY_S = 0.1


class Progress:
    """One line on standard error, written over again and again; silent where nobody watches."""

    def __init__(self) -> None:
        self._watched = sys.stderr.isatty()
        self._next_s = 0.0
        self._shown = False

    def tell(self, totals: Totals) -> None:
        """Show how far the scan is, ten times a second at most."""
        if not self._watched or time.monotonic() < self._next_s:
            return
        self._next_s = time.monotonic() + EVERY_S
        size_mb = totals.bytes / 1e6
        line = f"{totals.files} files, {size_mb:,.1f} MB, {totals.findings} findings"
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()
        self._shown = True

    def clear(self) -> None:
        """Take the line away, so that a result stands alone."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False
