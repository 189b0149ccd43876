"""Builds the compiled parts in place: `python -m extproc.h2.build`.

They are the fast transport (beside this file), the reader of plain requests (in `envoy_api/`), the
class finder of detection (in `weirline/detect/`) and what undoes escapes (in `weirline/body/`).
It needs a C compiler, the headers of libnghttp2 and those of Python, and refuses with the names of
their packages where one is missing. What it makes serves every Python from 3.11 on. Nothing but the
standard library is used, so that a bare checkout can build.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_EXTPROC = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Module:
    """One compiled module: the folder it is for, its file, the libraries it links to."""

    folder: Path
    file: str
    libraries: tuple[str, ...] = ()

    @property
    def sources(self) -> Path:
        """Where its C files are."""
        return self.folder / "c"


TRANSPORT = Module(_EXTPROC / "h2", "_nghttp2.abi3.so", ("-lnghttp2",))
READER = Module(_EXTPROC / "envoy_api", "_request_reader.abi3.so")
FINDER = Module(_EXTPROC.parent / "weirline" / "detect", "_class_finder.abi3.so")
ESCAPES = Module(_EXTPROC.parent / "weirline" / "body", "_escapes.abi3.so")
MODULES = (TRANSPORT, READER, FINDER, ESCAPES)
COMPILERS = ("cc", "gcc", "clang")
FLAGS = (
    *("-std=c11", "-O2", "-fPIC", "-shared", "-fvisibility=hidden", "-fstack-protector-strong"),
    *("-Wall", "-Wextra", "-Werror", "-D_FORTIFY_SOURCE=2", "-Wl,-z,relro,-z,now"),
)
PACKAGES = "gcc libnghttp2-dev"  # what is named to somebody who lacks them (Debian, Ubuntu)
FAILED = 3


class BuildFailed(Exception):
    """The module could not be built; the text says what is missing or what the compiler said."""


def build(module: Module, folder: Path | None = None, *, extra_flags: Sequence[str] = ()) -> Path:
    """Compile `module` into `folder`, its own by default; return its path. Takes two seconds.

    Raises BuildFailed.
    """
    compiler = _find_compiler()
    headers = Path(sysconfig.get_path("include"))
    if not (headers / "Python.h").exists():
        raise BuildFailed("the headers of Python are missing (Debian: python3-dev)")
    product = (folder or module.folder) / module.file
    # A name of its own first: whoever imports meanwhile never sees half a library.
    unfinished = product.with_name(f"{module.file}.{os.getpid()}")
    sources = sorted(str(path) for path in module.sources.glob("*.c"))
    command = [compiler, *FLAGS, *extra_flags, f"-I{headers}", "-o", str(unfinished), *sources]
    done = subprocess.run(
        [*command, *module.libraries], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        unfinished.unlink(missing_ok=True)
        raise BuildFailed(f"it does not compile (needs {PACKAGES}):\n{done.stderr[-2000:]}")
    unfinished.rename(product)
    return product


def is_current(module: Module, folder: Path | None = None) -> bool:
    """Return whether the module is there and not older than its sources."""
    product = (folder or module.folder) / module.file
    if not product.exists():
        return False
    built = product.stat().st_mtime
    return all(path.stat().st_mtime <= built for path in module.sources.iterdir())


def _find_compiler() -> str:
    for name in (os.environ.get("CC", ""), *COMPILERS):
        path = shutil.which(name) if name else None
        if path is not None:
            return path
    raise BuildFailed("there is no C compiler (Debian: gcc)")


def main() -> int:
    """Build every module, say where each is, and return the exit code."""
    code = 0
    for module in MODULES:
        try:
            sys.stdout.write(f"built: {build(module)}\n")
        except BuildFailed as error:
            sys.stderr.write(f"{module.file} not built: {error}\n")
            code = FAILED
    return code


if __name__ == "__main__":
    sys.exit(main())
