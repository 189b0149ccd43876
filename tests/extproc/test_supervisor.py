"""A sidecar with workers as processes, spoken to by a real grpcio client. Needs the fast transport.

What it does beside a real Envoy and under load is in tests/system/test_supervisor.py.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
from pathlib import Path

import grpc
import psutil
import pytest

from extproc.envoy_api.messages import ProcessingRequest, ProcessingResponse
from tests.fakes.fast_transport import FULL, ensure_built
from tests.fakes.grpc_peer import ask, ended, peer, run
from tests.fakes.raw_peer import data, greeting
from tests.system.lab import REDACT, policy_text, until, value
from tests.system.sidecar_process import SidecarProcess, running_sidecar
from tests.system.worker_pids import workers_of

pytestmark = FULL

H2 = ("--transport", "h2")
CARD = value("payment_card")
OBSERVE = policy_text("observe")


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ensure_built()
    return tmp_path_factory.mktemp("state")


def _messages() -> tuple[bytes, bytes, bytes]:
    request, response, body = ProcessingRequest(), ProcessingRequest(), ProcessingRequest()
    request.request_headers.end_of_stream = True
    for name, text in {":method": "GET", ":path": "/", ":authority": "shop"}.items():
        header = request.request_headers.headers.headers.add()
        header.key, header.raw_value = name, text.encode()
    for name, text in {":status": "200", "content-type": "text/plain"}.items():
        header = response.response_headers.headers.headers.add()
        header.key, header.raw_value = name, text.encode()
    header = response.response_headers.headers.headers.add()
    header.key, header.raw_value = "content-length", str(len(CARD)).encode()
    body.response_body.body, body.response_body.end_of_stream = CARD, True
    return tuple(each.SerializeToString() for each in (request, response, body))  # type: ignore[return-value]  # three


async def _exchange(address: str) -> bytes:
    """Run one exchange and return the body that its last answer puts in place."""
    async with peer(address) as envoy:
        end = await envoy.exchange(*_messages())
        assert end.code is grpc.StatusCode.OK
        answer = ProcessingResponse.FromString(end.answers[2])
        return bytes(answer.response_body.response.body_mutation.body)


def _events(sidecar: SidecarProcess, name: str) -> list[dict[str, object]]:
    return [line for line in sidecar.events() if line["event"] == name]


def _flows(sidecar: SidecarProcess) -> float:
    return sidecar.metric('weirline_flows_total{outcome="redacted"}')


def test_worker_serves_what_the_supervisor_loaded_and_the_supervisor_shows_it(
    tmp_path: Path, state: Path
) -> None:
    with running_sidecar(tmp_path, REDACT, H2, state=state) as sidecar:
        (worker,) = workers_of(sidecar)
        assert run(_exchange(sidecar.address())).count(b"*") > 8
        until(lambda: _flows(sidecar) == 1)
        assert sidecar.metric("weirline_messages_total") == 3
        assert sidecar.metric("weirline_handling_seconds_count") == 3
        assert sidecar.metric("weirline_streams_active") == 0
        assert sidecar.metric("weirline_workers_serving") == 1
        assert sidecar.metric('weirline_worker_resident_memory_bytes{worker="0"}') > 1 << 20
        assert worker != sidecar.pid


def test_neither_supervisor_nor_worker_loads_grpcio_and_the_supervisor_has_one_thread(
    tmp_path: Path, state: Path
) -> None:
    with running_sidecar(tmp_path, REDACT, H2, state=state) as sidecar:
        run(_exchange(sidecar.address()))
        assert sidecar.admin("/metrics").status == 200
        for pid in (sidecar.pid, *workers_of(sidecar)):
            maps = Path(f"/proc/{pid}/maps").read_text(encoding="ascii")
            assert "_nghttp2.abi3.so" in maps
            assert "cygrpc" not in maps
            assert "/grpc/" not in maps
        assert len(list(Path(f"/proc/{sidecar.pid}/task").iterdir())) == 1


def test_counts_outlive_the_worker_that_made_them(tmp_path: Path, state: Path) -> None:
    with running_sidecar(tmp_path, REDACT, H2, state=state) as sidecar:
        run(_exchange(sidecar.address()))
        until(lambda: _flows(sidecar) == 1)
        (first,) = workers_of(sidecar)
        os.kill(first, signal.SIGKILL)
        until(lambda: len(_events(sidecar, "worker_serves")) == 2)
        assert _flows(sidecar) == 1
        run(_exchange(sidecar.address()))
        until(lambda: _flows(sidecar) == 2)
        assert sidecar.metric('weirline_worker_ends_total{reason="crash"}') == 1
        (ended_line,) = _events(sidecar, "worker_ended")
        assert (ended_line["pid"], ended_line["how"]) == (first, "signal 9")
        assert ended_line["level"] == "error"


def test_worker_that_is_stopped_is_noticed_killed_and_replaced(tmp_path: Path, state: Path) -> None:
    hang = (*H2, "--worker-hang-seconds", "1")
    with running_sidecar(tmp_path, REDACT, hang, state=state) as sidecar:
        (first,) = workers_of(sidecar)
        os.kill(first, signal.SIGSTOP)
        until(lambda: len(_events(sidecar, "worker_serves")) == 2)
        assert [line["reason"] for line in _events(sidecar, "worker_killed")] == ["hung"]
        assert run(_exchange(sidecar.address())).count(b"*") > 8
        assert sidecar.metric('weirline_worker_ends_total{reason="hung"}') == 1


def test_worker_that_outgrows_twice_its_bound_is_killed_and_replaced(
    tmp_path: Path, state: Path
) -> None:
    bound = (*H2, "--worker-memory-bytes", str(128 << 20), "--max-message-bytes", str(800 << 20))
    with running_sidecar(tmp_path, REDACT, bound, state=state) as sidecar:
        begun = b"\0" + (300 << 20).to_bytes(4, "big")  # a message that never ends
        piece = data(b"x" * (16 << 10)) * 64
        with socket.socket(socket.AF_UNIX) as client, contextlib.suppress(ConnectionError):
            client.connect(str(sidecar.socket))
            client.sendall(greeting() + data(begun))
            for _ in range(296):
                client.sendall(piece)
            client.settimeout(10)
            while client.recv(1 << 16):
                continue
        until(lambda: len(_events(sidecar, "worker_serves")) == 2)
        assert sidecar.metric('weirline_worker_ends_total{reason="memory"}') == 1
        assert run(_exchange(sidecar.address())).count(b"*") > 8


def test_policy_read_again_is_in_force_when_it_is_counted_and_open_streams_keep_theirs(
    tmp_path: Path, state: Path
) -> None:
    with running_sidecar(tmp_path, REDACT, H2, state=state) as sidecar:

        async def test() -> None:
            async with peer(sidecar.address()) as envoy:
                call = envoy.open()
                first, *rest = _messages()
                assert await ask(call, first) is not None
                (tmp_path / "policy.yaml").write_text(OBSERVE, encoding="utf-8")
                sidecar.send(signal.SIGHUP)
                until(lambda: sidecar.metric('weirline_reloads_total{result="loaded"}') == 1)
                assert await _exchange(sidecar.address()) == b""
                answers = [await ask(call, message) for message in rest]
                assert answers[1] is not None
                assert b"****" in answers[1]
                await call.done_writing()
                assert (await ended(call)).code is grpc.StatusCode.OK

        run(test())
        until(lambda: len(workers_of(sidecar)) == 1)
        assert not [each for each in _events(sidecar, "worker_ended") if each["level"] == "error"]


def test_bad_policy_keeps_the_last_good_one_and_its_worker(tmp_path: Path, state: Path) -> None:
    with running_sidecar(tmp_path, REDACT, H2, state=state) as sidecar:
        before = workers_of(sidecar)
        (tmp_path / "policy.yaml").write_text("nonsense", encoding="utf-8")
        sidecar.send(signal.SIGHUP)
        until(lambda: sidecar.metric('weirline_reloads_total{result="refused"}') == 1)
        assert workers_of(sidecar) == before
        assert run(_exchange(sidecar.address())).count(b"*") > 8


def test_worker_told_to_leave_by_somebody_else_is_replaced_before_it_has_left(
    tmp_path: Path, state: Path
) -> None:
    with running_sidecar(tmp_path, REDACT, H2, state=state) as sidecar:

        async def test() -> None:
            async with peer(sidecar.address()) as envoy:
                call = envoy.open()
                first, *rest = _messages()
                assert await ask(call, first) is not None
                os.kill(workers_of(sidecar)[0], signal.SIGTERM)
                until(lambda: len(_events(sidecar, "worker_serves")) == 2)
                assert (await _exchange(sidecar.address())).count(b"*") > 8
                for message in rest:
                    assert await ask(call, message) is not None
                await call.done_writing()
                assert (await ended(call)).code is grpc.StatusCode.OK

        run(test())
        until(lambda: bool(_events(sidecar, "worker_ended")))
        assert sidecar.metric('weirline_worker_ends_total{reason="asked"}') == 1


def test_each_of_two_workers_has_its_own_socket(tmp_path: Path, state: Path) -> None:
    with running_sidecar(tmp_path, REDACT, (*H2, "--workers", "2"), state=state) as sidecar:
        assert len(workers_of(sidecar)) == 2
        addresses = [str(line["address"]) for line in _events(sidecar, "listening")]
        assert sorted(addresses) == [f"unix:{sidecar.socket}.{number}" for number in (0, 1)]
        for address in addresses:
            assert run(_exchange(address)).count(b"*") > 8
        until(lambda: _flows(sidecar) == 2)
        assert sidecar.stop() == 0
        assert not list(tmp_path.glob("*.sock*"))


def test_workers_that_die_at_once_have_their_socket_shut_and_come_back(
    tmp_path: Path, state: Path
) -> None:
    with running_sidecar(tmp_path, REDACT, H2, state=state) as sidecar:
        while not _events(sidecar, "worker_paused"):
            for pid in workers_of(sidecar):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        until(lambda: sidecar.metric("weirline_workers_serving") == 1)
        assert sidecar.admin("/readyz").status == 200
        assert run(_exchange(sidecar.address())).count(b"*") > 8


def test_workers_of_a_supervisor_that_was_killed_serve_until_the_next_one_does(
    tmp_path: Path, state: Path
) -> None:
    with running_sidecar(tmp_path, REDACT, H2, state=state) as sidecar:
        (orphan,) = workers_of(sidecar)
        sidecar.send(signal.SIGKILL)
        sidecar.wait()
        address = sidecar.address()
        assert run(_exchange(address)).count(b"*") > 8
        sidecar.start()
        sidecar.wait_ready()
        until(lambda: not psutil.pid_exists(orphan))
        assert run(_exchange(address)).count(b"*") > 8


def test_tcp_is_served_by_the_workers_too(tmp_path: Path, state: Path) -> None:
    listen = (*H2, "--listen", "127.0.0.1:0")
    with running_sidecar(tmp_path, REDACT, listen, state=state) as sidecar:
        addresses = {str(line["address"]) for line in _events(sidecar, "listening")}
        assert len(addresses) == 2
        for address in addresses:
            assert run(_exchange(address)).count(b"*") > 8


def test_stop_waits_for_streams_and_a_second_signal_does_not(tmp_path: Path, state: Path) -> None:
    drain = (*H2, "--drain-seconds", "600")
    with running_sidecar(tmp_path, REDACT, drain, state=state) as sidecar:

        async def test() -> None:
            async with peer(sidecar.address()) as envoy:
                call = envoy.open()
                assert await ask(call, _messages()[0]) is not None
                sidecar.send(signal.SIGTERM)
                until(lambda: sidecar.admin("/readyz").text == "draining\n")
                assert await ask(call, _messages()[1]) is not None
                assert not sidecar.socket.exists()
                sidecar.send(signal.SIGTERM)
                assert (await ended(call)).code is not grpc.StatusCode.OK

        run(test())
        assert sidecar.wait() == 0


@pytest.mark.parametrize(
    ("flags", "field"),
    [(("--peer-users", "nobody-of-that-name"), "peer_users"), (("--admin", "{taken}"), "admin")],
    ids=["unknown user", "admin address in use"],
)
def test_what_cannot_be_used_is_refused_before_any_worker_is_forked(
    tmp_path: Path, state: Path, flags: tuple[str, ...], field: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        given = [flag.format(taken=place) for flag in flags]
        sidecar = SidecarProcess(tmp_path, [*H2, *given], state=state)
        sidecar.start()
        assert sidecar.wait() == 2
    (line,) = _events(sidecar, "settings_refused")
    assert line["field"] == field
    assert not _events(sidecar, "worker_serves")


def test_logs_of_workers_carry_their_number(tmp_path: Path, state: Path) -> None:
    debug = (*H2, "--log-level", "debug")
    with running_sidecar(tmp_path, REDACT, debug, state=state) as sidecar:
        run(_exchange(sidecar.address()))
        until(lambda: bool(_events(sidecar, "flow_ended")))
        assert [line["worker"] for line in _events(sidecar, "flow_ended")] == [0]


def test_workers_are_bound_by_the_system_in_memory_and_processor_time(
    tmp_path: Path, state: Path
) -> None:
    bounds = ("--worker-memory-bytes", str(128 << 20), "--answer-seconds", "3")
    with running_sidecar(tmp_path, REDACT, (*H2, *bounds), state=state) as sidecar:
        (pid,) = {int(str(event["pid"])) for event in _events(sidecar, "worker_serves")}
        mapped, _ = resource.prlimit(pid, resource.RLIMIT_AS)
        assert 0 < mapped < 2 << 30
        granted, _ = resource.prlimit(pid, resource.RLIMIT_CPU)
        assert 3 <= granted < 60
        assert resource.prlimit(sidecar.pid, resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY

        def replaced() -> bool:
            # The system takes 0 for one second, and each beat of the worker grants it more again.
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_CPU, (0, resource.RLIM_INFINITY))
            with contextlib.suppress(AssertionError, grpc.RpcError):
                run(_exchange(sidecar.address()))
            return len(_events(sidecar, "worker_serves")) == 2

        until(replaced, seconds=60)
        assert sidecar.metric('weirline_worker_ends_total{reason="cpu"}') == 1
        assert run(_exchange(sidecar.address())).count(b"*") > 8
