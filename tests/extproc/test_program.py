"""The whole program as a process, spoken to by a real grpcio client."""

from __future__ import annotations

import asyncio
import signal
import socket
import stat
from pathlib import Path

import grpc
import pytest

from extproc.envoy_api.messages import ProcessingRequest, ProcessingResponse
from tests.fakes.grpc_peer import ask, ended, peer, run
from tests.system.sidecar_process import SidecarProcess, running_sidecar

pytestmark = pytest.mark.slow

POLICY = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: shop}
mode: enforce
rules:
  - id: mask-contacts
    when: {direction: response}
    find: {category: contact}
    do: [{redact: {mask: {}}}]
"""


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state directory for all tests that do not look at it: the patterns are compiled once."""
    return tmp_path_factory.mktemp("state")


LEAK = b'{"mail":"jo@example.org"}'


def _headers() -> tuple[bytes, bytes]:
    request, response = ProcessingRequest(), ProcessingRequest()
    request.request_headers.end_of_stream = True
    fields = {":method": "GET", ":path": "/v1/me", ":authority": "shop"}
    for name, value in fields.items():
        header = request.request_headers.headers.headers.add()
        header.key, header.raw_value = name, value.encode()
    fields = {":status": "200", "content-type": "application/json", "content-length": "25"}
    for name, value in fields.items():
        header = response.response_headers.headers.headers.add()
        header.key, header.raw_value = name, value.encode()
    return request.SerializeToString(), response.SerializeToString()


def _body() -> bytes:
    message = ProcessingRequest()
    message.response_body.body = LEAK
    message.response_body.end_of_stream = True
    return message.SerializeToString()


def _masked(answer: bytes) -> bytes:
    return ProcessingResponse.FromString(answer).response_body.response.body_mutation.body


async def _exchange(sidecar: SidecarProcess) -> bytes:
    async with peer(sidecar.address()) as envoy:
        end = await envoy.exchange(*_headers(), _body())
        assert end.code is grpc.StatusCode.OK
        return _masked(end.answers[2])


def test_sidecar_masks_a_leak_counts_it_and_stops_when_asked(tmp_path: Path, state: Path) -> None:
    with running_sidecar(tmp_path, POLICY, state=state) as sidecar:
        masked = run(_exchange(sidecar))
        assert len(masked) == len(LEAK)
        assert b"jo@example" not in masked
        found = (
            'weirline_findings_total{action="redact",category="contact",detector="email",'
            'direction="response",place="body",shadow="false"}'
        )
        assert sidecar.metric(found) == 1
        assert sidecar.metric('weirline_flows_total{outcome="redacted"}') == 1
        info = f'weirline_transport_info{{transport="{sidecar.transport}"}}'
        assert sidecar.metric(info) == 1
        assert sidecar.metric("weirline_ready") == 1
        sidecar.send(signal.SIGTERM)
        assert sidecar.wait() == 0
        assert not sidecar.socket.exists()
        names = [str(line["event"]) for line in sidecar.events()]
        assert [name for name in names if not name.startswith("worker_")] == [
            "starting",
            "patterns_loaded",
            "policy_loaded",
            "admin_listening",
            "listening",
            "ready",
            "draining",
            "stopped",
        ]
        assert "jo@example" not in sidecar.log()


def test_patterns_come_from_the_cache_at_the_second_start(tmp_path: Path) -> None:
    with running_sidecar(tmp_path, cold=True) as sidecar:
        assert sidecar.metric('weirline_pattern_cache{outcome="stored"}') == 1
        sidecar.stop()
        sidecar.start()
        sidecar.wait_ready()
        assert sidecar.metric('weirline_pattern_cache{outcome="hit"}') == 1


def test_without_a_policy_nothing_is_changed_and_the_log_says_so(
    tmp_path: Path, state: Path
) -> None:
    with running_sidecar(tmp_path, state=state) as sidecar:
        assert run(_exchange(sidecar)) == b""
        (line,) = [each for each in sidecar.events() if each["event"] == "policy_built_in"]
        assert (line["level"], line["mode"]) == ("warning", "shadow")


def test_bad_policy_is_refused_with_its_place_and_exit_code_2(tmp_path: Path, state: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(POLICY.replace("contact}", "contakt}"), encoding="utf-8")
    sidecar = SidecarProcess(tmp_path, ["--policy", str(file)], state=state)
    sidecar.start()
    assert sidecar.wait() == 2
    (line,) = [each for each in sidecar.events() if each["event"] == "policy_refused"]
    assert (line["file"], line["line"]) == (str(file), 8)
    assert "contact" in str(line["expectation"])
    assert not sidecar.socket.exists()


def test_policy_is_read_again_on_sighup_and_a_bad_one_keeps_the_last_good_one(
    tmp_path: Path,
    state: Path,
) -> None:
    with running_sidecar(tmp_path, POLICY, state=state) as sidecar:
        file = tmp_path / "policy.yaml"
        file.write_text("nonsense", encoding="utf-8")
        _reload(sidecar, 'weirline_reloads_total{result="refused"}')
        assert run(_exchange(sidecar)).count(b"*") > 0
        file.write_text(POLICY.replace("mode: enforce", "mode: shadow"), encoding="utf-8")
        _reload(sidecar, 'weirline_reloads_total{result="loaded"}')
        assert run(_exchange(sidecar)) == b""
        assert sidecar.admin("/readyz").status == 200


def _reload(sidecar: SidecarProcess, series: str) -> None:
    sidecar.send(signal.SIGHUP)

    async def counted() -> None:
        while not sidecar.metric(series):
            await asyncio.sleep(0.01)

    run(counted())


def test_readiness_turns_red_before_streams_are_refused_and_open_ones_finish(
    tmp_path: Path,
    state: Path,
) -> None:
    with running_sidecar(tmp_path, POLICY, state=state) as sidecar:

        async def test() -> None:
            async with peer(sidecar.address()) as envoy:
                call = envoy.open()
                request, response = _headers()
                assert await ask(call, request) is not None
                sidecar.send(signal.SIGTERM)
                while sidecar.admin("/readyz").text != "draining\n":
                    await asyncio.sleep(0.005)
                # Workers tell their clients a moment later; until then streams are taken.
                while (await envoy.exchange(request)).code is not grpc.StatusCode.UNAVAILABLE:
                    await asyncio.sleep(0.005)
                assert await ask(call, response) is not None
                answer = await ask(call, _body())
                assert answer is not None
                assert b"jo@example" not in _masked(answer)
                await call.done_writing()
                assert (await ended(call)).code is grpc.StatusCode.OK

        run(test())
        assert sidecar.wait() == 0


def test_second_signal_ends_the_drain_at_once(tmp_path: Path, state: Path) -> None:
    with running_sidecar(tmp_path, POLICY, ["--drain-seconds", "600"], state=state) as sidecar:

        async def test() -> None:
            async with peer(sidecar.address()) as envoy:
                call = envoy.open()
                assert await ask(call, _headers()[0]) is not None
                sidecar.send(signal.SIGTERM)
                while sidecar.admin("/readyz").text != "draining\n":
                    await asyncio.sleep(0.005)
                sidecar.send(signal.SIGTERM)
                assert (await ended(call)).code is not grpc.StatusCode.OK

        run(test())
        assert sidecar.wait() == 0


def test_admin_address_in_use_is_refused_with_exit_code_2(tmp_path: Path, state: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sidecar = SidecarProcess(tmp_path, ["--admin", f"127.0.0.1:{port}"], state=state)
        sidecar.start()
        assert sidecar.wait() == 2
    (line,) = [each for each in sidecar.events() if each["event"] == "settings_refused"]
    assert line["field"] == "admin"


def test_file_in_the_sockets_place_is_refused_and_kept(tmp_path: Path, state: Path) -> None:
    sidecar = SidecarProcess(tmp_path, state=state)
    sidecar.socket.write_text("precious", encoding="utf-8")
    sidecar.start()
    assert sidecar.wait() == 2
    assert sidecar.socket.read_text(encoding="utf-8") == "precious"


def test_successor_takes_the_socket_over_and_keeps_it(tmp_path: Path, state: Path) -> None:
    with running_sidecar(tmp_path, POLICY, state=state) as first:
        second = SidecarProcess(tmp_path, ["--policy", str(tmp_path / "policy.yaml")], state=state)
        second.log_file = tmp_path / "second.log"
        try:
            second.start()
            second.wait_ready()
            replaced = [line for line in second.events() if line["event"] == "socket_replaced"]
            assert [line["was"] for line in replaced] == ["alive"]
            assert first.stop() == 0
            assert [line for line in first.events() if line["event"] == "socket_left"]
            assert b"*" in run(_exchange(second))
        finally:
            second.stop()


def test_state_directory_that_cannot_be_used_costs_only_the_cache(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way", encoding="utf-8")
    with running_sidecar(tmp_path, POLICY) as sidecar:
        assert sidecar.metric('weirline_pattern_cache{outcome="unusable"}') == 1
        assert b"*" in run(_exchange(sidecar))


def test_process_has_the_rights_it_needs_and_no_more(tmp_path: Path, state: Path) -> None:
    with running_sidecar(tmp_path, state=state) as sidecar:
        assert stat.S_IMODE(sidecar.socket.stat().st_mode) == 0o660
        limits = Path(f"/proc/{sidecar.pid}/limits").read_text(encoding="utf-8")
        (core,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
        assert core.split()[4:6] == ["0", "0"]
