"""The child process that compiles patterns: detectors in on stdin, the databases out on stdout.

It exists because a compile leaves tens of megabytes behind in the process that does it. It refuses
nothing itself: any fault is a non-zero exit, and the parent compiles on its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

import msgspec

from weirline.detect.detector import Detector
from weirline.rulepack.compiled_chain import compile_chain

CHILD_SECONDS = 120


def compile_in_child(detectors: Sequence[Detector]) -> bytes | None:
    """Return what `compile_chain` makes of `detectors`, None if the child could not make it."""
    search_path = os.pathsep.join(entry for entry in sys.path if entry)
    try:
        child = subprocess.run(
            [sys.executable, "-m", "extproc.pattern_compile"],
            input=msgspec.json.encode(detectors),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": search_path},
            timeout=CHILD_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return child.stdout


def main() -> None:
    """Compile what stdin lists and write it to stdout."""
    detectors = msgspec.json.decode(sys.stdin.buffer.read(), type=tuple[Detector, ...])
    sys.stdout.buffer.write(compile_chain(detectors))


if __name__ == "__main__":
    main()
