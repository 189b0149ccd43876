"""The scanners of others that the bench measures beside ours, installed apart and on demand.

Python ones go into an environment of their own from requirements/peers.txt, every file checked
against its hash; Gitleaks is built by Go, which checks it against the public checksum database.
One that cannot be had on this machine is left out, and the bench says so. Nothing of them reaches
the environment of the project, and no test needs them.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

FOLDER: Final = Path(__file__).parents[1] / ".build" / "peers"
ROOT: Final = Path(__file__).parents[2]
REQUIREMENTS: Final = ROOT / "requirements" / "peers.txt"
PROGRAM: Final = Path(__file__).with_name("peer_program.py")
GITLEAKS: Final = "github.com/zricethezav/gitleaks/v8@v8.30.1"
PYTHON_PEERS: Final = ("presidio", "detect_secrets")
_INSTALL_S: Final = 900


@dataclass(frozen=True, slots=True)
class Missing:
    """A peer that is not measured, and why."""

    name: str
    reason: str


class PythonPeer:
    """A running peer_program; owned by the bench that started it."""

    def __init__(self, name: str, python: Path, cpu: int) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [python, PROGRAM, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {cpu}),
        )
        try:
            self._line()
        except OSError:
            self.close()
            raise

    def scan_s(self, body: Path) -> float:
        """Return the CPU seconds of one scan of the file."""
        _pipe(self._process.stdin).write(f"{body}\n")
        _pipe(self._process.stdin).flush()
        return float(self._line().split()[0])

    def close(self) -> None:
        """End the process."""
        _pipe(self._process.stdin).close()
        _pipe(self._process.stdout).close()
        self._process.wait()

    def _line(self) -> str:
        line = _pipe(self._process.stdout).readline()
        if not line:
            raise OSError(f"{self.name} ended")
        return line


class Gitleaks:
    """The Gitleaks command: one process a scan, of which the start is taken off."""

    name = "gitleaks"

    def __init__(self, binary: Path, cpu: int) -> None:
        self._binary = binary
        self._cpu = cpu
        with tempfile.NamedTemporaryFile() as nothing:
            self._start_s = min(self._run_s(Path(nothing.name)) for _ in range(3))

    def scan_s(self, body: Path) -> float:
        """Return the CPU seconds of one scan of the file."""
        return max(self._run_s(body) - self._start_s, 1e-6)

    def close(self) -> None:
        """Nothing runs between scans."""

    def _run_s(self, body: Path) -> float:
        options = ["--no-banner", "--exit-code", "0", "--log-level", "error"]
        with body.open("rb") as text:
            process = subprocess.Popen(
                [self._binary, "stdin", *options],
                stdin=text,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"GOMAXPROCS": "1"},
                preexec_fn=lambda: os.sched_setaffinity(0, {self._cpu}),
            )
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise OSError("gitleaks failed")
        return usage.ru_utime + usage.ru_stime


Peer = PythonPeer | Gitleaks


@contextlib.contextmanager
def running_peers(cpu: int) -> Iterator[tuple[list[Peer], list[Missing]]]:
    """Start every peer that can be had, each on the one processor `cpu`; end them afterwards."""
    peers: list[Peer] = []
    missing: list[Missing] = []
    python = _python_environment()
    for name in PYTHON_PEERS:
        if isinstance(python, str):
            missing.append(Missing(name, python))
        else:
            peers.append(PythonPeer(name, python, cpu))
    binary = _gitleaks()
    if isinstance(binary, str):
        missing.append(Missing("gitleaks", binary))
    else:
        peers.append(Gitleaks(binary, cpu))
    try:
        yield peers, missing
    finally:
        for peer in peers:
            peer.close()


def _python_environment() -> Path | str:
    """Return the interpreter of the peers' environment, made if need be, or why there is none."""
    folder = FOLDER / "python"
    python = folder / "bin" / "python"
    stamp = folder / "installed"
    if stamp.exists() and stamp.read_bytes() == REQUIREMENTS.read_bytes():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    made = _ran([sys.executable, "-m", "venv", str(folder)])
    pip = ["install", "--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
    if not made or not _ran([str(python), "-m", "pip", *pip, "--requirement", str(REQUIREMENTS)]):
        return "requirements/peers.txt cannot be installed here"
    shutil.copyfile(REQUIREMENTS, stamp)
    return python


def _gitleaks() -> Path | str:
    """Return the Gitleaks binary, built if need be, or why there is none."""
    binary = FOLDER / GITLEAKS.rpartition("@")[2] / "gitleaks"
    if binary.exists():
        return binary
    go = shutil.which("go")
    if go is None:
        return "there is no go to build it with (apt-get install golang-go)"
    environment = os.environ | {"GOBIN": str(binary.parent), "GOFLAGS": "-mod=mod"}
    if not _ran([go, "install", GITLEAKS], environment):
        return "go cannot build it here"
    return binary


def _ran(command: Sequence[str], environment: dict[str, str] | None = None) -> bool:
    try:
        ended = subprocess.run(
            command,
            env=environment,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_INSTALL_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise OSError("a pipe is missing")
    return pipe
