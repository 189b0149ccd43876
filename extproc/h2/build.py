"""Builds the compiled part of the fast transport in place: `python -m extproc.h2.build`.

It needs a C compiler, the headers of libnghttp2 and those of Python, and refuses with the names of
their packages where one is missing. The product (`_nghttp2.abi3.so`, beside this file) serves every
Python from 3.11 on. Nothing but the standard library is used, so that a bare checkout can build.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parent
SOURCES = FOLDER / "c"
NAME = "_nghttp2.abi3.so"
COMPILERS = ("cc", "gcc", "clang")
FLAGS = (
    *("-std=c11", "-O2", "-fPIC", "-shared", "-fvisibility=hidden", "-fstack-protector-strong"),
    *("-Wall", "-Wextra", "-Werror", "-D_FORTIFY_SOURCE=2", "-Wl,-z,relro,-z,now"),
)
PACKAGES = "gcc libnghttp2-dev"  # what is named to somebody who lacks them (Debian, Ubuntu)
FAILED = 3


class BuildFailed(Exception):
    """The module could not be built; the text says what is missing or what the compiler said."""


def build(folder: Path = FOLDER, *, extra_flags: Sequence[str] = ()) -> Path:
    """Compile the module into `folder` and return its path. Takes about two seconds.

    Raises BuildFailed.
    """
    compiler = _find_compiler()
    headers = Path(sysconfig.get_path("include"))
    if not (headers / "Python.h").exists():
        raise BuildFailed("the headers of Python are missing (Debian: python3-dev)")
    product = folder / NAME
    # A name of its own first: whoever imports meanwhile never sees half a library.
    unfinished = folder / f"{NAME}.{os.getpid()}"
    sources = sorted(str(path) for path in SOURCES.glob("*.c"))
    command = [compiler, *FLAGS, *extra_flags, f"-I{headers}", "-o", str(unfinished), *sources]
    done = subprocess.run([*command, "-lnghttp2"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        unfinished.unlink(missing_ok=True)
        raise BuildFailed(f"it does not compile (needs {PACKAGES}):\n{done.stderr[-2000:]}")
    unfinished.rename(product)
    return product


def is_current(folder: Path = FOLDER) -> bool:
    """Return whether the module is there and not older than its sources."""
    product = folder / NAME
    if not product.exists():
        return False
    built = product.stat().st_mtime
    return all(path.stat().st_mtime <= built for path in SOURCES.iterdir())


def _find_compiler() -> str:
    for name in (os.environ.get("CC", ""), *COMPILERS):
        path = shutil.which(name) if name else None
        if path is not None:
            return path
    raise BuildFailed("there is no C compiler (Debian: gcc)")


def main() -> int:
    """Build, say where the module is, and return the exit code."""
    try:
        product = build()
    except BuildFailed as error:
        sys.stderr.write(f"fast transport not built: {error}\n")
        return FAILED
    sys.stdout.write(f"fast transport built: {product}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
