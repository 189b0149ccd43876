"""The variants a bench compares, and how the server of each is started.

`off` has no server: the same Envoy, a listener without the filter. `null` is the floor (a C server
that looks at nothing), `echo` the floor of grpcio's asyncio server, `grpc_aio` the product on it.
A new transport is one more row in `ARMS`. It refuses nothing itself; a server that does not come up
is an error of its child process.
"""

from __future__ import annotations

import enum
import sys
from dataclasses import dataclass
from pathlib import Path

from loadtest.native import NativeTools

HERE = Path(__file__).parent
SCAN_ON = HERE / "policies" / "scan_on.yaml"
SCAN_OFF = HERE / "policies" / "scan_off.yaml"


class Server(enum.Enum):
    """What answers Envoy in an arm."""

    NONE = enum.auto()
    NULL = enum.auto()
    ECHO = enum.auto()
    PRODUCT = enum.auto()


@dataclass(frozen=True, slots=True)
class Arm:
    """One variant. `policy` and `transport` are the product's, empty elsewhere.

    `through_envoy` and `direct` say in which of the two benches it takes part.
    """

    name: str
    server: Server
    through_envoy: bool
    direct: bool
    transport: str = ""
    policy: Path | None = None


ARMS = (
    Arm("off", Server.NONE, through_envoy=True, direct=False),
    Arm("null", Server.NULL, through_envoy=True, direct=True),
    Arm("echo", Server.ECHO, through_envoy=False, direct=True),
    # In the direct bench this name is the product without a scan: the transport's own cost.
    Arm("grpc_aio", Server.PRODUCT, False, True, "grpc", SCAN_OFF),
    Arm("grpc_aio_scan", Server.PRODUCT, False, True, "grpc", SCAN_ON),
)
