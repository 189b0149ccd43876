"""A real sidecar for one test: `python -m extproc`, waited for on /readyz, stopped without a trace.

It is started on a socket in the test's folder and on a free admin port, which it tells in its log.
The kernel kills it if the test process dies.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.warm_patterns import keep, lend

TRANSPORT_VARIABLE = "WEIRLINE_TEST_TRANSPORT"  # lets a whole run of tests be of one transport
START_SECONDS = 30.0
STOP_SECONDS = 30.0
_POLL_SECONDS = 0.005
_ROOT = Path(__file__).parents[2]

# Becomes the sidecar: PR_SET_PDEATHSIG (1) with SIGKILL (9) survives the exec.
_LAUNCH = "import ctypes,os,sys;ctypes.CDLL(None).prctl(1,9);os.execv(sys.argv[1],sys.argv[1:])"


class SidecarFailed(Exception):
    """The sidecar ended, or did not become ready; the text is the end of its log."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of the admin page."""

    status: int
    text: str


class SidecarProcess:
    """A running sidecar; use `running_sidecar`, which also stops it.

    It may be started again after its end: log, socket and state directory stay the same ones.
    """

    def __init__(
        self,
        folder: Path,
        arguments: Sequence[str] = (),
        *,
        state: Path | None = None,
        cold: bool = False,
    ) -> None:
        """`state` is where compiled patterns are kept; they are lent unless it starts `cold`."""
        self.socket = folder / "extproc.sock"
        self.state = state or folder / "state"
        self.log_file = folder / "sidecar.log"
        self._arguments = [
            *("--socket", str(self.socket), "--state-dir", str(self.state)),
            *("--admin", "127.0.0.1:0", "--log-format", "json"),
            *("--transport", os.environ.get(TRANSPORT_VARIABLE, "grpc")),
            *arguments,
        ]
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0
        self._cold = cold

    def start(self) -> None:
        """Start the program; `wait_ready` says when it serves."""
        if not self._cold:
            lend(self.state)
        self._log_start = self.log_file.stat().st_size if self.log_file.exists() else 0
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-S", "-E", "-c", _LAUNCH),
                    *(sys.executable, "-m", "extproc", *self._arguments),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=_ROOT,
                env={name: text for name, text in os.environ.items() if "WEIRLINE_" not in name},
                start_new_session=True,
            )

    @property
    def process(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise SidecarFailed("not started")
        return self._process

    @property
    def transport(self) -> str:
        """Return which transport the last start's log names."""
        (name,) = {str(line["transport"]) for line in self.events() if line["event"] == "listening"}
        return name

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait_ready(self) -> None:
        """Return when /readyz is green. Raises SidecarFailed."""
        for _ in range(int(START_SECONDS / _POLL_SECONDS)):
            if self._ready():
                if not self._cold:
                    keep(self.state)
                return
            # Waiting for its end paces the loop and notices a death at once.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_POLL_SECONDS)
                break
        raise SidecarFailed(self.log()[-4000:])

    def admin(self, path: str) -> Page:
        """Return what an admin page answers. Raises OSError while nobody listens."""
        host, _, port = self.address("admin_listening").rpartition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return Page(answer.status, answer.read().decode())

    def metric(self, series: str) -> float:
        """Return one series of /metrics, named as on the page, 0 where it is not there."""
        for line in self.admin("/metrics").text.splitlines():
            name, _, value = line.rpartition(" ")
            if name == series:
                return float(value)
        return 0.0

    def address(self, event: str = "listening") -> str:
        """Return the address that the last start's log names for `event`."""
        found = [str(line["address"]) for line in self.events() if line["event"] == event]
        if not found:
            raise ConnectionError("no such address yet")
        return found[-1]

    def events(self) -> list[dict[str, object]]:
        """Return the log lines of the last start, parsed; a line being written is left out."""
        lines = self.log()[self._log_start :].splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]

    def log(self) -> str:
        """Return everything written to standard output and error, over all starts."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def send(self, number: signal.Signals) -> None:
        """Send the process a signal."""
        self.process.send_signal(number)

    def wait(self) -> int:
        """Wait for its end and return the exit code."""
        return self.process.wait(STOP_SECONDS)

    def stop(self) -> int:
        """Ask it to end, kill it where it does not, and return the exit code."""
        if self._process is None:
            return 0
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def _ready(self) -> bool:
        try:
            return self.admin("/readyz").status == 200
        except (OSError, http.client.HTTPException):
            return False


@contextlib.contextmanager
def running_sidecar(
    folder: Path,
    policy: str | None = None,
    arguments: Sequence[str] = (),
    *,
    state: Path | None = None,
    cold: bool = False,
) -> Iterator[SidecarProcess]:
    """Run a sidecar with the text of a policy and further flags. Ready on entry, gone on exit."""
    given = list(arguments)
    if policy is not None:
        file = folder / "policy.yaml"
        file.write_text(policy, encoding="utf-8")
        given += ["--policy", str(file)]
    sidecar = SidecarProcess(folder, given, state=state, cold=cold)
    try:
        sidecar.start()
        sidecar.wait_ready()
        yield sidecar
    finally:
        sidecar.stop()
