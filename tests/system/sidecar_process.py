"""A real sidecar for one test: started as its own process, waited for, asked, stopped, killed.

It serves a unix socket in the test's folder and its admin page on a port that it chooses itself.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

START_SECONDS = 20.0
STOP_SECONDS = 15.0
_POLL_SECONDS = 0.005
_ROOT = Path(__file__).parents[2]

# Becomes the sidecar; killed by the kernel if the test process dies (PR_SET_PDEATHSIG, SIGKILL).
_LAUNCH = "import ctypes,os,sys;ctypes.CDLL(None).prctl(1,9);os.execv(sys.argv[1],sys.argv[1:])"


class SidecarFailed(Exception):
    """The sidecar ended, or did not become ready; the text is the end of its log."""


class SidecarProcess:
    """A sidecar that can be started again after its end, on the same socket and settings."""

    def __init__(self, folder: Path, policy: str, settings: Mapping[str, str]) -> None:
        self.folder = folder / "sidecar"
        self.folder.mkdir()
        self.socket = self.folder / "extproc.sock"
        self.policy = self.folder / "policy.yaml"
        self.policy.write_text(policy, encoding="utf-8")
        self.log_file = self.folder / "sidecar.log"
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process that runs now, or ran last."""
        assert self._process is not None
        return self._process

    @property
    def pid(self) -> int:
        return self.process.pid

    def start(self) -> None:
        """Start, and return when it says that it is ready. Raises SidecarFailed."""
        self._log_start = self.log_file.stat().st_size if self.log_file.exists() else 0
        settings = {
            "socket": str(self.socket),
            "policy": str(self.policy),
            "admin": "127.0.0.1:0",
            "state-dir": str(self.folder / "state"),
            **self._settings,
        }
        flags = [part for name, text in settings.items() for part in (f"--{name}", text)]
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-S", "-E", "-c", _LAUNCH),
                    *(sys.executable, "-m", "extproc", *flags),
                ],
                cwd=_ROOT,
                env={**os.environ, "PYTHONPATH": str(_ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait(self._said_ready)

    def stop(self) -> int:
        """End it by SIGTERM and return its exit code; kill it where it does not end by itself."""
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL

    def kill(self) -> None:
        """End it by SIGKILL and wait for it."""
        self.process.kill()
        self.process.wait()

    def pause(self) -> None:
        """Stop it by SIGSTOP."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on by SIGCONT."""
        self.process.send_signal(signal.SIGCONT)

    def log(self) -> str:
        """Everything it wrote, over all its starts."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def admin(self, path: str) -> tuple[int, str]:
        """Status and text of a page of its admin server."""
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=5)
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    @property
    def admin_port(self) -> int:
        for line in self._lines():
            if line.get("event") == "admin_listening":
                return int(str(line["address"]).rpartition(":")[2])
        raise SidecarFailed("no admin page")

    @property
    def listening(self) -> list[str]:
        """The addresses it serves ext_proc on."""
        return [str(line["address"]) for line in self._lines() if line["event"] == "listening"]

    def samples(self, name: str) -> list[tuple[dict[str, str], float]]:
        """All series of a metric, by its name as /metrics shows it."""
        status, text = self.admin("/metrics")
        assert status == 200
        return [
            (dict(sample.labels), sample.value)
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == name
        ]

    def metric(self, name: str, **labels: str) -> float:
        """The sum of a metric's series that carry these labels; 0 if there is none."""
        return sum(value for found, value in self.samples(name) if labels.items() <= found.items())

    def metric_labels(self, name: str, label: str) -> dict[str, float]:
        """The values of a metric summed by one of its labels."""
        summed: dict[str, float] = {}
        for found, value in self.samples(name):
            summed[found[label]] = summed.get(found[label], 0) + value
        return summed

    def wait_for_flows(self) -> None:
        """Return when no stream is open, so that every flow has been counted."""
        self._wait(lambda: self.metric("weirline_streams_active") == 0)

    def resident_bytes(self) -> int:
        """Resident memory now."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def _said_ready(self) -> bool:
        return any(line.get("event") == "ready" for line in self._lines())

    def _lines(self) -> list[dict[str, object]]:
        with self.log_file.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read().decode(errors="replace").splitlines()
        found: list[dict[str, object]] = []
        for line in lines:
            with contextlib.suppress(ValueError):
                found.append(json.loads(line))
        return found

    def _wait(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + START_SECONDS
        while not condition():
            if self.process.poll() is not None or time.monotonic() > end:
                raise SidecarFailed(self.log()[-4000:])
            # Waiting for its end paces the loop and notices a death at once.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_POLL_SECONDS)


@contextlib.contextmanager
def running_sidecar(
    folder: Path, policy: str, *, settings: Mapping[str, str] | None = None
) -> Iterator[SidecarProcess]:
    """Run a sidecar with this policy; `settings` are flags without their dashes."""
    sidecar = SidecarProcess(folder, policy, settings or {})
    try:
        sidecar.start()
        yield sidecar
    finally:
        if sidecar.process.poll() is None:
            sidecar.stop()
