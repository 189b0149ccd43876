"""Keeps what was compiled for a set of detectors, so that the next start of a command is quick.

Compiling hundreds of detectors takes seconds, loading them some tenths. The files lie in a folder
of the user's own (`$XDG_CACHE_HOME/weirline`, or `~/.cache/weirline`). It refuses to read a folder
or file that somebody else owns or may write, because the engine trusts what it is given; a cache
that cannot be used costs time and nothing else.
Source: XDG Base Directory Specification 0.8.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

import weirline
import weirline.detect
import weirline.rulepack
from weirline.detect.detector import Detector
from weirline.detect.floor import Floors
from weirline.scan import TextScanner, build_scanner, compile_database, load_scanner

KEPT: Final = 8  # sets of detectors; the one that was not used for longest goes first
_FORBIDDEN: Final = stat.S_IWGRP | stat.S_IWOTH
_ENDING: Final = ".compiled"


def cached_scanner(
    detectors: Sequence[Detector], *, max_findings: int, floors: Floors
) -> TextScanner:
    """Return the scanner of `detectors`, from the cache if it holds what was compiled for them.

    Raises as `build_scanner` does for an expression that an engine does not take.
    """
    folder = _folder()
    if folder is None:
        return build_scanner(detectors, max_findings=max_findings, floors=floors)
    path = folder / (_digest(detectors) + _ENDING)
    stored = _read(path)
    loaded = None if stored is None else load_scanner(detectors, stored, max_findings, floors)
    if loaded is not None:
        return loaded
    compiled = compile_database(detectors)
    _write(path, compiled)
    return build_scanner(detectors, database=compiled, max_findings=max_findings, floors=floors)


def _folder() -> Path | None:
    """Return the folder of the cache, made if need be; None where there can be none."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        folder = (Path(base) if base.startswith("/") else Path.home() / ".cache") / "weirline"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder if _is_ours(folder.stat()) else None
    except (OSError, RuntimeError):  # RuntimeError: there is no home
        return None


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            if not _is_ours(os.fstat(file.fileno())):
                return None
            os.utime(file.fileno())
            return file.read()
    except OSError:
        return None


def _write(path: Path, content: bytes) -> None:
    """Put `content` in place as a whole, and take away what has not been used for longest."""
    with contextlib.suppress(OSError):
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)
        kept = sorted(path.parent.glob(f"*{_ENDING}"), key=lambda each: -each.stat().st_mtime)
        for old in kept[KEPT:]:
            old.unlink()


def _is_ours(status: os.stat_result) -> bool:
    return status.st_uid == os.geteuid() and not status.st_mode & _FORBIDDEN


def _digest(detectors: Sequence[Detector]) -> str:
    """Return the name of a set of detectors, compiled by the code that is installed now."""
    digest = hashlib.sha256(weirline.__version__.encode())
    for package in (weirline.detect, weirline.rulepack):
        for file in sorted(Path(package.__path__[0]).glob("*.*")):
            status = file.stat()
            digest.update(f"{file.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    digest.update(msgspec.json.encode(detectors))
    return digest.hexdigest()
