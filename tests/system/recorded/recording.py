"""Records what a real Envoy sends an ext_proc server for every shape of exchange, in both wirings.

Nothing is stored: a recording is made when a test asks for it, so that it is always of the Envoy
and the bootstraps at hand.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.system import wire
from tests.system.envoy_process import running_envoy
from tests.system.recorded import traffic
from tests.system.recorded.recorder import Answerer, Recorder, running_recorder
from weirline.cli.envoy_config import Pipe, Places, Tcp, render, template

WIRINGS = ("enforce", "response-only")
FREE = Tcp("127.0.0.1", 0)


@functools.cache
def recording(
    wiring: str, answering: Callable[[], Answerer] | None = None
) -> dict[str, list[bytes]]:
    """The messages of one stream for each exchange of `traffic`, by its name; made once a run.

    `answering` as in `running_recorder`.
    """
    recorded: dict[str, list[bytes]] = {}
    with tempfile.TemporaryDirectory(prefix="weirline-") as name:
        folder = Path(name)
        with running_recorder(socket=folder / "extproc.sock", answering=answering) as recorder:
            with wire.upstream(traffic.script) as service:
                _run(wiring, folder, service.port, recorder, traffic.HTTP_EXCHANGES, recorded)
            with traffic.grpc_upstream() as port:
                _run(wiring, folder, port, recorder, traffic.GRPC_EXCHANGES, recorded)
    return recorded


def places(upstream_port: int, folder: Path) -> Places:
    """Everything on loopback and free ports, the ext_proc server on a socket in `folder`."""
    return Places(
        listen=FREE,
        upstream=Tcp("127.0.0.1", upstream_port),
        extproc=Pipe(str(folder / "extproc.sock")),
        admin=FREE,
    )


def patient(bootstrap: str) -> str:
    """The bootstrap with ten seconds for each answer: a busy machine is no fault of the traffic."""
    assert "message_timeout: 1s" in bootstrap
    return bootstrap.replace("message_timeout: 1s", "message_timeout: 10s")


def _run(
    wiring: str,
    folder: Path,
    upstream_port: int,
    recorder: Recorder,
    exchanges: Mapping[str, Callable[[int], None]],
    recorded: dict[str, list[bytes]],
) -> None:
    bootstrap = render(template(wiring), places(upstream_port, folder), failure_mode_allow=False)
    with running_envoy(patient(bootstrap), folder) as envoy:
        port = envoy.port()
        for name, exchange in exchanges.items():
            exchange(port)
            (recorded[name],) = recorder.take()
