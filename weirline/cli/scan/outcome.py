"""How a scan ended: the exit codes of `weirline scan`, the graver the higher."""

from __future__ import annotations

import enum


class Outcome(enum.IntEnum):
    """An exit code. `ENVIRONMENT`: a file could not be read, or a copy not written."""

    CLEAN = 0
    FOUND = 1
    USAGE = 2
    BAD_DETECTOR = 3
    ENVIRONMENT = 4
