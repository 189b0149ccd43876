"""Programs in Go for tests: installed or built by the `go` command from the module proxy.

Each is made once into a folder of the user's cache and kept, as Go keeps its own.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

SECONDS = 300
H2SPEC = "github.com/summerwind/h2spec/cmd/h2spec@v2.2.1+incompatible"
GRPC_GO = Path(__file__).parent / "grpc_go"


def h2spec() -> Path:
    """The conformance suite of HTTP/2, as a program."""
    folder = _cache() / hashlib.sha256(H2SPEC.encode()).hexdigest()[:16]
    program = folder / "h2spec"
    if not program.exists():
        _go("install", H2SPEC, cwd=Path(tempfile.gettempdir()), GOBIN=str(folder))
    return program


def grpc_go_client() -> Path:
    """The client of grpc-go beside this file, as a program."""
    digest = hashlib.sha256()
    for name in ("main.go", "go.mod", "go.sum"):
        digest.update((GRPC_GO / name).read_bytes())
    program = _cache() / f"grpc_go-{digest.hexdigest()[:16]}"
    if not program.exists():
        _go("build", "-trimpath", "-o", str(program), ".", cwd=GRPC_GO)
    return program


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home) / "weirline-tests"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _go(*arguments: str, cwd: Path, **environment: str) -> None:
    subprocess.run(
        ["go", *arguments],  # noqa: S607 - the one in PATH is meant
        cwd=cwd,
        env={**os.environ, "GOFLAGS": "-mod=mod", **environment},
        check=True,
        timeout=SECONDS,
    )
