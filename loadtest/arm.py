"""The variants a bench compares, and how the server of each is started.

`off` has no server: the same Envoy, a listener without the filter. `null` is the floor (a C server
that looks at nothing), `echo` a plain server on grpcio's asyncio, `echo_tuned` the fastest such
server that was found, `grpc_aio` the product on it,
`h2` the product on its fast transport.
A new transport is one more row in each of the two tables. A server that does not come up is an
error of its child process; `runnable` leaves out what was never built.
"""

from __future__ import annotations

import contextlib
import enum
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extproc.h2.available import missing
from loadtest.native import NativeTools
from weirline.cli.demo.child import Child

ROOT = Path(__file__).parent.parent
SCAN_ON = ROOT / "loadtest" / "policies" / "scan_on.yaml"
SCAN_OFF = ROOT / "loadtest" / "policies" / "scan_off.yaml"
START_LIMIT_S = 20.0


class Server(enum.Enum):
    """What answers in an arm."""

    NONE = enum.auto()
    NULL = enum.auto()
    ECHO = enum.auto()
    ECHO_TUNED = enum.auto()
    PRODUCT = enum.auto()


@dataclass(frozen=True, slots=True)
class Arm:
    """One variant; `transport` and `policy` are the product's and empty elsewhere."""

    name: str
    server: Server
    transport: str = ""
    policy: Path | None = None


OFF = Arm("off", Server.NONE)
NULL = Arm("null", Server.NULL)
ECHO = Arm("echo", Server.ECHO)
ECHO_TUNED = Arm("echo_tuned", Server.ECHO_TUNED)
FAST = "h2"
GRPC_AIO = Arm("grpc_aio", Server.PRODUCT, "grpc", SCAN_ON)
H2 = Arm("h2", Server.PRODUCT, FAST, SCAN_ON)

THROUGH_ENVOY = (OFF, NULL, GRPC_AIO, H2)
# Here `grpc_aio` and `h2` are the product without a scan, to be held against the echo; with one,
# the name says so.
DIRECT = (
    NULL,
    ECHO,
    ECHO_TUNED,
    Arm("grpc_aio", Server.PRODUCT, "grpc", SCAN_OFF),
    Arm("grpc_aio_scan", Server.PRODUCT, "grpc", SCAN_ON),
    Arm("h2", Server.PRODUCT, FAST, SCAN_OFF),
    Arm("h2_scan", Server.PRODUCT, FAST, SCAN_ON),
)


def runnable(arms: Sequence[Arm]) -> tuple[Arm, ...]:
    """Return the arms that can run here: those on the fast transport only where it is built."""
    built = missing() is None
    return tuple(arm for arm in arms if built or arm.transport != FAST)


@dataclass(frozen=True, slots=True)
class RunningServer:
    """An arm's server, and the unix socket it answers on."""

    arm: Arm
    child: Child
    socket: Path


@contextlib.contextmanager
def running_server(arm: Arm, tools: NativeTools, folder: Path) -> Iterator[RunningServer]:
    """Run the server of `arm` with its socket, log and state in `folder`; it listens on entry.

    Raises ChildFailed if it does not come up, ValueError for the arm without one.
    """
    place = folder / arm.name
    place.mkdir()
    path = place / "s.sock"
    child = Child(arm.name, _command(arm, tools, path), log=place / "log", environment=_python())
    try:
        child.wait_until(lambda: listens(path), limit_s=START_LIMIT_S)
        yield RunningServer(arm, child, path)
    finally:
        child.stop()


def _command(arm: Arm, tools: NativeTools, path: Path) -> list[str]:
    match arm.server:
        case Server.NONE:
            raise ValueError(f"the arm {arm.name} has no server")
        case Server.NULL:
            return [str(tools.null_extproc), f"unix:{path}"]
        case Server.ECHO:
            return [sys.executable, "-m", "loadtest.echo_server", str(path), "plain"]
        case Server.ECHO_TUNED:
            return [sys.executable, "-m", "loadtest.echo_server", str(path), "tuned"]
        case Server.PRODUCT:
            return [
                *(sys.executable, "-m", "extproc"),
                f"--socket={path}",
                f"--transport={arm.transport}",
                f"--policy={arm.policy}",
                "--packs=core",
                f"--state-dir={path.parent / 'state'}",
                "--admin=127.0.0.1:0",
            ]


def _python() -> dict[str, str]:
    # The checkout itself, wherever the bench was called from; no setting from outside.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT)}


def listens(path: Path) -> bool:
    """Return whether a server takes connections on the unix socket `path`."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0
