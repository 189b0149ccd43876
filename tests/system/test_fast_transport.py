"""A sidecar on the fast transport: what it loads, what it answers, and the earlier tests again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from hyperframe.frame import DataFrame, HeadersFrame

from loadtest.clean_body import clean_body
from loadtest.stored_exchange import exchange_messages
from tests.extproc.h2.socket_client import SocketClient
from tests.extproc.h2.wire import framed, opening
from tests.fakes.fast_transport import FULL, ensure_built
from tests.fakes.grpc_peer import peer, run
from tests.meta.checkout import ROOT
from tests.system.lab import REDACT, running_lab, value
from tests.system.sidecar_process import TRANSPORT_VARIABLE, SidecarProcess, running_sidecar
from tests.system.wire import get, whole
from tests.system.worker_pids import serving_pids
from weirline.specimen import SPECIMENS

pytestmark = FULL

AGAIN = (
    "tests/extproc/test_program.py",
    "tests/extproc/test_conformance_client.py",
    "tests/system/test_body_shapes.py",
    "tests/system/test_canaries.py",
    "tests/system/test_conformance_envoy.py",
    "tests/system/test_places.py",
    "tests/system/test_split_values.py",
)
IDLE_STREAMS = 10_000
IDLE_BYTES = 8 * 1024
H2 = ("--transport", "h2")


def test_sidecar_on_it_never_loads_grpcio(tmp_path: Path) -> None:
    ensure_built()
    with running_lab(tmp_path, REDACT, flags=H2) as lab:
        card = value("payment_card")
        answer = lab.ask(get("/"), lambda socket, _: socket.sendall(whole(b'{"n":"%b"}' % card)))
        assert card not in answer.body
        assert lab.sidecar.admin("/metrics").status == 200
        maps = Path(f"/proc/{serving_pids(lab.sidecar)[0]}/maps").read_text(encoding="ascii")
        assert "_nghttp2.abi3.so" in maps
        assert "cygrpc" not in maps
        assert "/grpc/" not in maps


def test_asked_to_choose_it_chooses_the_fast_one_and_says_so(tmp_path: Path) -> None:
    ensure_built()
    with running_sidecar(tmp_path, REDACT, ("--transport", "auto")) as sidecar:
        assert sidecar.transport == "h2"
        assert sidecar.metric('weirline_transport_info{transport="h2"}') == 1


def test_both_transports_answer_every_exchange_with_the_same_bytes(tmp_path: Path) -> None:
    ensure_built()
    planted = b'{"who":"%b"}' % b'","'.join(value(kind) for kind in SPECIMENS)
    bodies = [clean_body(1024), clean_body(200 * 1024), planted, planted * 40]

    async def answers(sidecar: SidecarProcess) -> list[tuple[bytes, ...]]:
        gathered: list[tuple[bytes, ...]] = []
        async with peer(sidecar.address()) as envoy:
            for body in bodies:
                end = await envoy.exchange(*exchange_messages(body))
                assert end.code is grpc.StatusCode.OK
                assert len(end.answers) == 3
                gathered.append(end.answers)
        return gathered

    got = []
    for transport in ("grpc", "h2"):
        place = tmp_path / transport
        place.mkdir()
        state = tmp_path / "state"
        with running_sidecar(place, REDACT, ("--transport", transport), state=state) as sidecar:
            got.append(run(answers(sidecar)))
    assert got[0] == got[1]
    assert got[0][2] != got[0][0]


def test_ten_thousand_streams_in_mid_exchange_cost_at_most_eight_kilobytes_each(
    tmp_path: Path,
) -> None:
    ensure_built()
    first, _, _ = exchange_messages(b"{}")
    many = ("--max-streams", str(IDLE_STREAMS), "--max-concurrent-streams", str(IDLE_STREAMS))

    async def test(sidecar: SidecarProcess) -> None:
        client = await SocketClient.connect(str(sidecar.socket))
        for number in range(1, 2 * IDLE_STREAMS, 2):
            client.send(opening(number), DataFrame(number, framed(first)).serialize())
            await client.until(HeadersFrame, number)
            if number == 2 * (IDLE_STREAMS // 10) - 1:
                before = _resident_bytes(serving_pids(sidecar)[0])
        grown = _resident_bytes(serving_pids(sidecar)[0]) - before
        each = grown / (IDLE_STREAMS * 9 // 10)
        print(f"{each:.0f} bytes a stream that waits for its response")
        assert sidecar.metric("weirline_streams_active") == IDLE_STREAMS
        assert 100 < each <= IDLE_BYTES
        await client.close()

    with running_sidecar(tmp_path, REDACT, (*H2, *many)) as sidecar:
        run(test(sidecar), seconds=120)


@pytest.mark.alone
def test_earlier_tests_of_the_sidecar_pass_on_it(temporary: Path) -> None:
    ensure_built()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-m", "not full", "-p", "no:cacheprovider"),
            *("-n", "2", "--dist", "loadfile", f"--basetemp={temporary / 'a'}", *AGAIN),
        ],
        cwd=ROOT,
        env={**os.environ, TRANSPORT_VARIABLE: "h2"},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    print(done.stdout[-300:])
    assert done.returncode == 0, done.stdout[-6000:]


def _resident_bytes(pid: int) -> int:
    fields = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
