"""A sidecar with workers under a steady load through a real Envoy: what a restart and a fault cost.

375 requests a second, as many as one of 4,000 Envoys gets of 1.5 million. Beside them others go
through a listener of the same Envoy that has no filter: those must not notice anything.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import signal
import socket
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import psutil
import pytest
import uvloop
from ruamel.yaml import YAML

from loadtest.stored_exchange import exchange_messages
from tests.fakes.fast_transport import ensure_built
from tests.fakes.raw_peer import answered, data, greeting
from tests.system.envoy_process import EnvoyProcess, running_envoy
from tests.system.lab import REDACT, policy_text, value
from tests.system.sidecar_process import SidecarProcess, running_sidecar
from tests.system.steady_load import Counts, SteadyLoad, serving
from tests.system.wire import whole
from tests.system.worker_pids import workers_of
from weirline.cli.envoy_config import Pipe, Places, Tcp, render, template

pytestmark = [pytest.mark.full, pytest.mark.alone]

RATE, BESIDE_RATE = 375.0, 50.0
ROUNDS = 10
CALM_S = 0.5
REPLACED_LIMIT_S = 0.05
BOUND_BYTES = 128 << 20
STREAMS = 20
BEGUN = b"\0" + (390 << 20).to_bytes(4, "big")  # a message that never ends
PIECE = b"x" * (16 << 10)
H2 = ("--transport", "h2", "--worker-hang-seconds", "1")
CARD = value("payment_card")
BODY = b'{"card":"' + CARD + b'","filler":"' + b"x" * 1000 + b'"}'
REQUEST = b"GET /v1/cards HTTP/1.1\r\nhost: api.test\r\n\r\n"
OPEN = policy_text("{redact: {mask: {}}}", defaults="defaults: {scanner_down: allow}")


@dataclass(frozen=True, slots=True)
class Stage:
    """A sidecar and an Envoy, and the socket on which the service will be."""

    folder: Path
    envoy: EnvoyProcess
    sidecar: SidecarProcess
    service: socket.socket

    @asynccontextmanager
    async def load(self) -> AsyncIterator[SteadyLoad]:
        """Keep the load up while the block runs; what is beside the filter must notice nothing."""
        pid = self.envoy.pid
        load = SteadyLoad(self.envoy.port(), REQUEST, value=CARD, rate=RATE)
        beside = SteadyLoad(self.envoy.port("unprotected"), REQUEST, value=CARD, rate=BESIDE_RATE)
        async with serving(self.service, whole(BODY)), load.running(), beside.running():
            await asyncio.sleep(CALM_S)
            yield load
            await load.settled()
            status, raw = await load.ask()
            assert (status, CARD in raw) == (200, False)
        assert (self.envoy.pid, self.envoy.running) == (pid, True)
        assert set(beside.counts.ended) == {200}
        assert beside.counts.leaked == beside.counts.ended[200] > 0


@contextmanager
def _stage(
    folder: Path, policy: str = REDACT, *, fail_open: bool = False, flags: tuple[str, ...] = ()
) -> Iterator[Stage]:
    ensure_built()
    with (
        socket.create_server(("127.0.0.1", 0), backlog=1024) as service,
        running_sidecar(folder, policy, (*H2, *flags)) as sidecar,
    ):
        places = Places(
            listen=Tcp("127.0.0.1", 0),
            upstream=Tcp("127.0.0.1", service.getsockname()[1]),
            extproc=Pipe(str(sidecar.socket)),
            admin=Tcp("127.0.0.1", 0),
            unprotected=Tcp("127.0.0.1", 0),
        )
        # A busy machine may be slow to connect to the service; that 503 is not what is tested.
        patient = template("enforce").replace("connect_timeout: 1s", "connect_timeout: 20s")
        text = _with_endpoints(render(patient, places, failure_mode_allow=fail_open), sidecar)
        with running_envoy(text, folder) as envoy:
            yield Stage(folder, envoy, sidecar, service)


def _with_endpoints(bootstrap: str, sidecar: SidecarProcess) -> str:
    """List the sockets of all workers as endpoints of the one cluster."""
    listening = [line for line in sidecar.events() if line["event"] == "listening"]
    paths = [str(line["address"]).removeprefix("unix:") for line in listening]
    yaml = YAML(typ="rt")
    root = yaml.load(bootstrap)
    for cluster in root["static_resources"]["clusters"]:
        if cluster["name"] == "weirline":
            (group,) = cluster["load_assignment"]["endpoints"]
            group["lb_endpoints"] = [
                {"endpoint": {"address": {"pipe": {"path": path}}}} for path in sorted(paths)
            ]
    out = io.StringIO()
    yaml.dump(root, out)
    return out.getvalue()


class Doorbell:
    """Connects to the socket again and again: no connection may ever be refused."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self.rung = 0

    async def ring(self) -> None:
        while True:
            with socket.socket(socket.AF_UNIX) as client:
                client.setblocking(False)
                client.connect(self._path)
            self.rung += 1
            await asyncio.sleep(0.002)


@asynccontextmanager
async def _listener_always_there(path: Path) -> AsyncIterator[None]:
    bell = Doorbell(path)
    async with asyncio.TaskGroup() as group:
        ringing = group.create_task(bell.ring())
        yield
        ringing.cancel()
    assert bell.rung > 100


def _others(counts: Counts, before: Counter[int]) -> int:
    """How many requests ended otherwise than with 200 since `before`."""
    ended = counts.ended - before
    return ended.total() - ended[200]


def _events(sidecar: SidecarProcess, name: str) -> list[dict[str, object]]:
    return [line for line in sidecar.events() if line["event"] == name]


def test_planned_restart_under_load_fails_no_request(tmp_path: Path) -> None:
    with _stage(tmp_path) as stage:
        sidecars = [stage.sidecar]
        for number in range(ROUNDS // 2):
            flags = [*H2, "--policy", str(tmp_path / "policy.yaml")]
            successor = SidecarProcess(tmp_path, flags, state=stage.sidecar.state)
            successor.log_file = tmp_path / f"successor-{number}.log"
            sidecars.append(successor)

        async def test() -> Counts:
            async with stage.load() as load, _listener_always_there(stage.sidecar.socket):
                for old, new in pairwise(sidecars):
                    new.start()
                    await asyncio.to_thread(new.wait_ready)
                    old.send(signal.SIGTERM)
                    assert await asyncio.to_thread(old.wait) == 0
                    await asyncio.sleep(CALM_S)
            return load.counts

        try:
            counts = uvloop.run(test())
        finally:
            sidecars[-1].stop()
    print("planned restarts:", len(sidecars) - 1, dict(counts.ended))
    assert set(counts.ended) == {200}
    assert counts.leaked == 0


def test_killed_worker_costs_its_streams_and_is_replaced_within_its_time(tmp_path: Path) -> None:
    first, _, _ = exchange_messages(b"{}")
    with _stage(tmp_path) as stage:
        path, times, spent, costs = str(stage.sidecar.socket), [], [], []

        async def test() -> Counts:
            async with stage.load() as load, _listener_always_there(stage.sidecar.socket):
                for _ in range(ROUNDS):
                    (worker,) = workers_of(stage.sidecar)
                    before = load.counts.ended.copy()
                    began, computed = time.perf_counter(), _computed_s(stage.sidecar.pid)
                    in_flight = await _killed(worker, load)
                    await answered(path, first)
                    times.append(time.perf_counter() - began)
                    (follower,) = workers_of(stage.sidecar)
                    both = _computed_s(stage.sidecar.pid) + _computed_s(follower)
                    spent.append(both - computed)
                    await asyncio.sleep(CALM_S)
                    costs.append((_others(load.counts, before), in_flight))
            return load.counts

        counts = uvloop.run(test())
    shown = [f"{1000 * each:.0f}" for each in sorted(times)]
    print("replaced after", shown, "ms; failed of those in flight:", costs, dict(counts.ended))
    print(f"median {1000 * statistics.median(times):.0f} ms,", end=" ")
    print(f"{1000 * statistics.median(spent):.1f} ms of processor time")
    # The time on the clock is for an idle machine to show; what it costs holds on any.
    assert statistics.median(spent) <= REPLACED_LIMIT_S
    assert all(failed <= in_flight for failed, in_flight in costs)
    assert set(counts.ended) <= {200, 500}
    assert counts.leaked == 0


async def _killed(worker: int, load: SteadyLoad) -> int:
    """Kill a worker; return how many requests were in flight until its connections closed."""
    ended = load.counts.ended.total()
    os.kill(worker, signal.SIGKILL)
    # Until then streams are still opened on it.
    while psutil.pid_exists(worker):
        await asyncio.sleep(0.0005)
    return load.sent - ended


async def kill(stage: Stage) -> None:
    os.kill(workers_of(stage.sidecar)[-1], signal.SIGKILL)


async def stop(stage: Stage) -> None:
    os.kill(workers_of(stage.sidecar)[-1], signal.SIGSTOP)


async def bloat(stage: Stage) -> None:
    """Let the worker hold three times as much as it may."""
    reader, writer = await asyncio.open_unix_connection(str(stage.sidecar.socket))
    with contextlib.suppress(ConnectionError):
        writer.write(greeting() + data(BEGUN))
        for _ in range(3 * BOUND_BYTES // len(PIECE)):
            writer.write(data(PIECE))
            await writer.drain()
        await reader.read()
    writer.close()


Fault = Callable[[Stage], Awaitable[None]]
REASONS = {"kill": "crash", "stop": "hung", "bloat": "memory"}
BLOAT_FLAGS = ("--worker-memory-bytes", str(BOUND_BYTES), "--max-message-bytes", str(1 << 30))


@pytest.mark.promise(25)
@pytest.mark.parametrize("fail_open", [False, True], ids=["closed", "open"])
@pytest.mark.parametrize("fault", [kill, stop, bloat])
def test_faulty_worker_takes_nothing_else_down_and_is_back_by_itself(
    tmp_path: Path, fault: Fault, fail_open: bool
) -> None:
    policy = OPEN if fail_open else REDACT
    with _stage(tmp_path, policy, fail_open=fail_open, flags=BLOAT_FLAGS) as stage:

        async def test() -> Counts:
            async with stage.load() as load:
                for number in range(1, 4):
                    await fault(stage)
                    while len(_events(stage.sidecar, "worker_serves")) == number:
                        await asyncio.sleep(0.01)
                    await load.settled()
                    status, raw = await load.ask()
                    assert (status, CARD in raw) == (200, False)
                    await asyncio.sleep(CALM_S)
            return load.counts

        counts = uvloop.run(test())
        reasons = {str(line["reason"]) for line in _events(stage.sidecar, "worker_ended")}
    print(fault.__name__, dict(counts.ended), "masked", counts.masked, "raw", counts.leaked)
    assert reasons == {REASONS[fault.__name__]}
    if fail_open:
        assert set(counts.ended) == {200}
        assert counts.leaked + counts.masked == counts.ended[200]
    else:
        assert counts.leaked == 0
        assert set(counts.ended) <= {200, 500, 504}


def test_worker_that_outgrows_its_bound_is_followed_without_a_failed_request(
    tmp_path: Path,
) -> None:
    drain = ("--drain-seconds", "1")
    with _stage(tmp_path, flags=(*BLOAT_FLAGS, *drain)) as stage:

        async def test() -> Counts:
            async with stage.load() as load, _listener_always_there(stage.sidecar.socket):
                reader, writer = await asyncio.open_unix_connection(str(stage.sidecar.socket))
                writer.write(greeting(STREAMS))
                for number in range(STREAMS):
                    writer.write(data(BEGUN, number))
                    for _ in range(BOUND_BYTES * 4 // 3 // STREAMS // len(PIECE)):
                        writer.write(data(PIECE, number))
                await writer.drain()
                while len(_events(stage.sidecar, "worker_serves")) == 1:
                    await asyncio.sleep(0.05)
                await reader.read()
                writer.close()
                await asyncio.sleep(CALM_S)
            return load.counts

        counts = uvloop.run(test())
        reasons = [str(line["reason"]) for line in _events(stage.sidecar, "worker_ended")]
    print("outgrown:", dict(counts.ended))
    assert reasons == ["asked"]
    assert set(counts.ended) == {200}


def test_policy_that_is_read_again_under_load_fails_no_request(tmp_path: Path) -> None:
    with _stage(tmp_path) as stage:
        policy = tmp_path / "policy.yaml"
        texts = (policy_text("observe"), REDACT, policy_text("observe"), REDACT)

        async def test() -> Counts:
            async with stage.load() as load, _listener_always_there(stage.sidecar.socket):
                for number, text in enumerate(texts, start=2):
                    policy.write_text(text, encoding="utf-8")
                    stage.sidecar.send(signal.SIGHUP)
                    while len(_events(stage.sidecar, "policy_loaded")) < number:
                        await asyncio.sleep(0.01)
                    # Every worker has told Envoy; a request or two may have been faster.
                    async with asyncio.timeout(1):
                        while (CARD in (await load.ask())[1]) == (text == REDACT):
                            continue
                    await asyncio.sleep(CALM_S)
            return load.counts

        counts = uvloop.run(test())
        errors = [line for line in stage.sidecar.events() if line["level"] == "error"]
    print("policies read again:", len(texts), dict(counts.ended))
    assert set(counts.ended) == {200}
    assert min(counts.leaked, counts.masked) > RATE * CALM_S
    assert errors == []


def test_killed_supervisor_that_is_started_again_costs_no_request(tmp_path: Path) -> None:
    with _stage(tmp_path) as stage:

        async def test() -> Counts:
            async with stage.load() as load, _listener_always_there(stage.sidecar.socket):
                for _ in range(3):
                    stage.sidecar.send(signal.SIGKILL)
                    await asyncio.to_thread(stage.sidecar.wait)
                    stage.sidecar.start()
                    await asyncio.to_thread(stage.sidecar.wait_ready)
                    await asyncio.sleep(CALM_S)
            return load.counts

        counts = uvloop.run(test())
    print("supervisors killed: 3", dict(counts.ended))
    assert set(counts.ended) == {200}
    assert counts.leaked == 0


def test_two_workers_share_the_load_and_one_serves_while_the_other_dies(tmp_path: Path) -> None:
    with _stage(tmp_path, flags=("--workers", "2")) as stage:
        assert len(workers_of(stage.sidecar)) == 2
        costs: list[tuple[int, int]] = []

        async def test() -> tuple[Counts, dict[int, float]]:
            async with stage.load() as load:
                before = {pid: _cpu_s(pid) for pid in workers_of(stage.sidecar)}
                await asyncio.sleep(4 * CALM_S)
                used = {pid: _cpu_s(pid) - before[pid] for pid in before}
                for _ in range(ROUNDS):
                    before_kill = load.counts.ended.copy()
                    in_flight = await _killed(workers_of(stage.sidecar)[0], load)
                    await asyncio.sleep(CALM_S)
                    costs.append((_others(load.counts, before_kill), in_flight))
            return load.counts, used

        counts, used = uvloop.run(test())
    print("processor time of two workers:", used, "failed of those in flight:", costs)
    assert min(used.values()) > sum(used.values()) / 4
    assert all(failed <= in_flight for failed, in_flight in costs)
    assert counts.leaked == 0


def test_workers_that_die_at_once_are_refused_at_once_and_no_request_waits(tmp_path: Path) -> None:
    with _stage(tmp_path) as stage:

        async def test() -> Counts:
            async with stage.load() as load:
                while len(_events(stage.sidecar, "worker_paused")) < 3:
                    for pid in workers_of(stage.sidecar):
                        with contextlib.suppress(ProcessLookupError):
                            os.kill(pid, signal.SIGKILL)
                    await asyncio.sleep(0.005)
                while stage.sidecar.admin("/readyz").status != 200:
                    await asyncio.sleep(0.01)
                await asyncio.sleep(CALM_S)
            return load.counts

        counts = uvloop.run(test())
    print("workers that die at once:", dict(counts.ended))
    assert set(counts.ended) <= {200, 500}
    assert counts.ended[500] > 0
    assert counts.leaked == 0


def _computed_s(pid: int) -> float:
    """How long a main thread has run on a processor so far (proc(5), schedstat)."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def _cpu_s(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)
