"""A demo as a person runs it: a process of its own, read from its output, ended by a signal."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from extproc.h2.available import missing

ROOT = Path(__file__).parents[2]
START_S = 60.0
END_S = 20.0
THROUGH = re.compile(r"client --> :(\d+) Envoy --> Weirline")
AROUND = re.compile(r"client --> :(\d+) Envoy -+> sample API")
METRICS = re.compile(r"http://127\.0\.0\.1:(\d+)/metrics")
ENVOY_STATS = re.compile(r"http://127\.0\.0\.1:(\d+)/stats")


@dataclass(frozen=True, slots=True)
class RunningDemo:
    """The demo once it says that it stays up, with what it printed until then."""

    process: subprocess.Popen[str]
    printed: str

    @property
    def protected(self) -> int:
        return self._port(THROUGH)

    @property
    def unprotected(self) -> int:
        return self._port(AROUND)

    @property
    def metrics(self) -> int:
        return self._port(METRICS)

    @property
    def envoy_admin(self) -> int:
        return self._port(ENVOY_STATS)

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send the signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=END_S)

    def end_without_trace(self, temporary: Path, number: signal.Signals) -> None:
        """End it by a signal; its processes and its files in `temporary` must be gone after."""
        children = self.children()
        # Envoy, the sidecar, and a worker where the fast transport has been built.
        assert len(children) == (3 if missing() is None else 2)
        assert len(list(temporary.iterdir())) == 1
        assert self.end(number) == 0
        _, alive = psutil.wait_procs(children, timeout=5)
        assert alive == []
        assert list(temporary.iterdir()) == []

    def _port(self, pattern: re.Pattern[str]) -> int:
        match = pattern.search(self.printed)
        assert match, self.printed
        return int(match[1])


def demo_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "weirline.cli.main", "demo", *arguments]


def plain_environment(folder: Path) -> dict[str, str]:
    """An environment with nothing but a PATH that holds Python, and a place for temporary files."""
    binaries = folder / "bin"
    binaries.mkdir(exist_ok=True)
    python = binaries / "python3"
    if not python.exists():
        python.symlink_to(sys.executable)
    return {"PATH": str(binaries), "TMPDIR": str(folder), "PYTHONPATH": str(ROOT)}


def demo_once(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the demo to its end."""
    return subprocess.run(
        demo_command("--once", *arguments),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=START_S,
        check=False,
    )


@contextmanager
def running_demo(*arguments: str, temporary: Path) -> Iterator[RunningDemo]:
    """A demo that stays up, its temporary files below `temporary`; killed if still there."""
    with subprocess.Popen(
        demo_command(*arguments),
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield RunningDemo(process, _read_until_up(process))
        finally:
            if process.poll() is None:
                process.kill()


def _read_until_up(process: subprocess.Popen[str]) -> str:
    """Read until the addresses to try have been printed, which end with an empty line."""
    assert process.stdout is not None
    printed = ""
    up = False
    for line in process.stdout:
        printed += line
        up = up or line.startswith("Everything stays up until Ctrl-C")
        if up and not line.strip():
            return printed
    raise AssertionError(f"the demo ended early:\n{printed}")
