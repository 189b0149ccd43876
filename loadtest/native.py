"""Builds the C tools of the bench with the compiler at hand, once for each state of the sources.

The tools are C because the things they stand for must cost as little as can be: a load generator
that shares the machine with what it measures, a service that is not the bottleneck, an ext_proc
server that is the floor. It refuses to run without a compiler, and names the package that has one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from weirline.errors import WeirlineError

SOURCES = Path(__file__).parent / "c"
BUILD = Path(__file__).parent / ".build"
FLAGS = ("-std=c11", "-O2", "-Wall", "-Wextra", "-Werror")
COMPILERS = ("cc", "gcc", "clang")

TOOLS = {
    "backend": ("backend.c", "net.c"),
    "generator": ("generator.c", "generator_options.c", "histogram.c", "net.c", "reply.c"),
    "null_extproc": ("exchange.c", "h2.c", "h2_stream.c", "net.c", "null_extproc.c"),
}


class BuildFailed(WeirlineError):
    """The tools could not be built; the text says what is missing or what the compiler said."""


@dataclass(frozen=True, slots=True)
class NativeTools:
    """Paths of the built programs; loadtest/c/ says how each is called."""

    backend: Path
    generator: Path
    null_extproc: Path


def build_tools(folder: Path = BUILD) -> NativeTools:
    """Return the tools, compiled into `folder` unless they are there already.

    Takes about two seconds the first time. Raises BuildFailed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mark = _source_hash()
    built = {name: folder / f"{name}-{mark}" for name in TOOLS}
    for name, path in built.items():
        if not path.exists():
            _compile(TOOLS[name], path)
    return NativeTools(**built)


def find_compiler() -> str:
    """Return the path of a C compiler. Raises BuildFailed where there is none."""
    for name in COMPILERS:
        path = shutil.which(name)
        if path is not None:
            return path
    raise BuildFailed("no C compiler found: install one (Debian: apt-get install gcc libc6-dev)")


def _source_hash() -> str:
    digest = hashlib.sha256(" ".join(FLAGS).encode())
    for path in sorted(SOURCES.iterdir()):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _compile(sources: tuple[str, ...], output: Path) -> None:
    # A name of its own first: two benches at once, or a cut build, never run half a program.
    unfinished = output.with_name(f"{output.name}.{os.getpid()}")
    command = [find_compiler(), *FLAGS, "-o", str(unfinished), *sources, "-lm"]
    result = subprocess.run(command, cwd=SOURCES, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise BuildFailed(f"{output.name} does not compile:\n{result.stderr[-2000:]}")
    unfinished.rename(output)
