"""Compiled patterns lent from one test's sidecar to the next: compiling hundreds takes seconds.

What is lent is what a sidecar itself has stored, with its key, and it trusts it only where it is of
the same detectors and engine; a test of the cache starts without.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from extproc.pattern_cache import FOLDER

_MOST = 4


def lend(state: Path) -> None:
    """Put what the last sidecar compiled where one that keeps its state in `state` looks for it."""
    kept = sorted(_shelf().iterdir(), key=lambda each: each.stat().st_mtime)
    if kept and not (state / FOLDER).exists():
        with suppress(OSError):  # another run may clear the shelf just now
            state.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copytree(kept[-1], state / FOLDER)


def keep(state: Path) -> None:
    """Keep what a sidecar that is ready has stored, unless it is there already."""
    stored = sorted(state.glob(f"{FOLDER}/*.db"))
    if not stored or (_shelf() / stored[-1].stem).exists():
        return
    with tempfile.TemporaryDirectory(dir=_shelf().parent) as folder, suppress(OSError):
        copy = Path(folder) / FOLDER
        shutil.copytree(state / FOLDER, copy)
        copy.rename(_shelf() / stored[-1].stem)  # fails where another run was quicker
    for old in sorted(_shelf().iterdir(), key=lambda each: each.stat().st_mtime)[:-_MOST]:
        shutil.rmtree(old, ignore_errors=True)


def _shelf() -> Path:
    folder = Path(tempfile.gettempdir()) / f"weirline-tests-{os.getuid()}" / "patterns"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
