"""A worker is killed in the middle of a body: its flows end as the fail mode says, others go on."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import pytest

from tests.fakes.fast_transport import ensure_built
from tests.system.conformance.place import CARD
from tests.system.lab import REDACT, running_lab, until
from tests.system.wire import Gate, Reader, Request, always, chunk, chunked_head, get, whole
from tests.system.worker_pids import workers_of

pytestmark = pytest.mark.full

WORDS = b"river stone bridge " * 100
H2 = ("--transport", "h2")


@pytest.mark.promise(25)
def test_body_in_the_middle_is_cut_and_the_next_worker_serves(tmp_path: Path) -> None:
    ensure_built()
    with running_lab(tmp_path, REDACT, wiring="streaming", flags=H2) as lab, Gate() as gate:

        def script(connection: socket.socket, _: Request) -> None:
            connection.sendall(chunked_head(content_type="text/plain") + chunk(WORDS))
            gate.wait()
            connection.sendall(chunk(CARD + b" " + WORDS) + chunk(b"") + b"\r\n")

        lab.play(script)
        envoy, (killed,) = lab.envoy.pid, workers_of(lab.sidecar)
        with socket.create_connection(("127.0.0.1", lab.port), timeout=20) as client:
            client.sendall(get("/a"))
            reader = Reader(client)
            assert reader.until(WORDS[:500]) is not None
            os.kill(killed, signal.SIGKILL)
            until(lambda: workers_of(lab.sidecar) not in ([], [killed]))
            gate.open()
            reader.rest()
        assert CARD not in reader.raw
        assert not reader.raw.endswith(b"0\r\n\r\n")
        answer = lab.ask(get("/b"), always(whole(b'{"card": "%b"}' % CARD)))
        assert (answer.status, CARD in answer.body) == (200, False)
        assert lab.metric("weirline_worker_ends_total", reason="crash") == 1
        assert (lab.envoy.pid, lab.envoy.running) == (envoy, True)
