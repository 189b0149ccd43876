"""What a real Envoy puts on the wire to an ext_proc server: HTTP/2, byte for byte.

A proxy between Envoy and a sidecar keeps what Envoy sends. Nothing is stored: a recording is made
when a test asks for it.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from tests.system import wire
from tests.system.envoy_process import running_envoy
from tests.system.recorded import traffic
from tests.system.recorded.recording import WIRINGS, patient, places
from tests.system.sidecar_process import running_sidecar
from weirline.cli.envoy_config import render, template

CHUNK = 1 << 18


def record_bytes(folder: Path) -> list[bytes]:
    """What Envoy sent on each connection, exchanges of every shape but the very large one."""
    recorded: list[bytes] = []
    for wiring in WIRINGS:
        place = folder / wiring
        place.mkdir()
        with ExitStack() as stack:
            sidecar = stack.enter_context(
                running_sidecar(place, None, ["--transport", "h2"], state=folder / "state")
            )
            own = place / "r"
            own.mkdir()
            kept = stack.enter_context(_keeping(own / "extproc.sock", sidecar.socket))
            service = stack.enter_context(wire.upstream(traffic.script))
            bootstrap = render(
                template(wiring), places(service.port, own), failure_mode_allow=False
            )
            envoy = stack.enter_context(running_envoy(patient(bootstrap), place))
            for name, exchange in traffic.HTTP_EXCHANGES.items():
                if name != "large":
                    exchange(envoy.port())
        recorded += [bytes(each) for each in kept if each]
    return recorded


@contextmanager
def _keeping(path: Path, target: Path) -> Iterator[list[bytearray]]:
    """Pass connections on from one unix socket to another; keep what came, by connection."""
    kept: list[bytearray] = []
    ends: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def pump(source: socket.socket, sink: socket.socket, keep: bytearray | None) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                if keep is not None:
                    keep += data
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)

    def start(*arguments: object) -> None:
        threads.append(threading.Thread(target=pump, args=arguments, daemon=True))
        threads[-1].start()

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(target))
                ends.extend((client, server))
                kept.append(bytearray())
                start(client, server, kept[-1])
                start(server, client, None)

    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(str(path))
        listener.listen()
        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield kept
        finally:
            for each in (listener, *ends):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            accepting.join(10)
            for thread in threads:
                thread.join(10)
            for each in ends:
                each.close()
