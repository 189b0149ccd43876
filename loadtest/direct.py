"""The direct bench: each server alone on one processor, loaded from another over its own socket.

It shows what a server can do without Envoy in the way. The load is the stored exchange of the
wiring `enforce`: three messages, then half-close; h2load (Debian: nghttp2-client) sends it as fast
as it is answered. Before anything is counted a gRPC client checks that the server answers three
times; after each run the bytes received must be exactly those answers, for every stream.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import statistics
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import grpc

from loadtest.arm import Arm, RunningServer, running_server
from loadtest.clean_body import clean_body
from loadtest.native import NativeTools
from loadtest.procfs import cpu_ns
from loadtest.stored_exchange import METHOD, exchange_messages, framed
from weirline.errors import WeirlineError

STREAMS_AT_ONCE = 32
TRIAL_EXCHANGES = 300
ANSWERS = 3
PREFIX_BYTES = 5
CLIENT_LIMIT_S = 10.0

_DONE = re.compile(
    r"requests: (\d+) total, \d+ started, \d+ done, (\d+) succeeded, (\d+) failed, (\d+) errored"
)
_RATE = re.compile(r"finished in [\d.]+\w+, ([\d.]+) req/s")
_DATA = re.compile(r"traffic:.*\((\d+)\) data")


class DirectFailed(WeirlineError):
    """A server answered wrongly, or the load could not be run."""


@dataclass(frozen=True, slots=True)
class DirectFigures:
    """One server at one body size.

    `per_s`: exchanges a second that were served, median of the runs. `cpu_us`: the server's CPU
    time an exchange; 1,000,000 divided by it is what the processor could serve if the load kept up.
    """

    arm: str
    body_bytes: int
    per_s: float
    cpu_us: float


@dataclass(frozen=True, slots=True)
class _Run:
    per_s: float
    cpu_us: float


def find_h2load() -> str:
    """Return the path of h2load. Raises DirectFailed where there is none."""
    path = shutil.which("h2load")
    if path is None:
        raise DirectFailed("h2load not found: install it (Debian: apt-get install nghttp2-client)")
    return path


def run_direct(
    arms: Sequence[Arm],
    sizes: Sequence[int],
    *,
    tools: NativeTools,
    folder: Path,
    runs: int,
    run_s: float,
) -> list[DirectFigures]:
    """Measure every server at every size; takes about arms * sizes * runs * run_s seconds.

    Raises DirectFailed, and ChildFailed for a server that does not start.
    """
    h2load = find_h2load()
    server_cpu, load_cpu = _two_processors()
    figures: list[DirectFigures] = []
    with contextlib.ExitStack() as stack:
        with pinned(server_cpu):
            servers = [stack.enter_context(running_server(arm, tools, folder)) for arm in arms]
        for size in sizes:
            messages = exchange_messages(clean_body(size))
            file = folder / f"exchange-{size}.bin"
            file.write_bytes(framed(messages))
            loads = [
                _Load(h2load, server, file, load_cpu, answer_bytes(server.socket, messages))
                for server in servers
            ]
            figures.extend(_measure_size(loads, size, runs=runs, run_s=run_s))
    return figures


def answer_bytes(socket: Path, messages: Sequence[bytes]) -> int:
    """Send one exchange as a gRPC client; return the bytes of its framed answers.

    Raises DirectFailed unless there are as many answers as messages and the stream ends OK.
    """
    with grpc.insecure_channel(f"unix:{socket}") as channel:
        call = channel.stream_stream(METHOD, None, None)(iter(messages), timeout=CLIENT_LIMIT_S)
        try:
            answers = list(call)
        except grpc.RpcError as error:
            raise DirectFailed(f"{socket.parent.name} ended with {error.code().name}") from error
    if len(answers) != ANSWERS:
        raise DirectFailed(f"{socket.parent.name} gave {len(answers)} answers, not {ANSWERS}")
    return sum(PREFIX_BYTES + len(answer) for answer in answers)


@contextlib.contextmanager
def pinned(processor: int) -> Iterator[None]:
    """Bind this thread, and the processes it starts meanwhile, to one processor."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {processor})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class _Load:
    """h2load against one server, bound to a processor; checks that every stream was answered."""

    def __init__(
        self, h2load: str, server: RunningServer, file: Path, processor: int, expected: int
    ) -> None:
        self.server = server
        self._processor = processor
        self._expected = expected
        self._command = [
            *(h2load, "--clients=1", f"--max-concurrent-streams={STREAMS_AT_ONCE}"),
            *(f"--data={file}", f"--base-uri=unix:{server.socket}"),
            *("--header=content-type: application/grpc", "--header=te: trailers"),
        ]

    def run(self, exchanges: int) -> _Run:
        """Send this many exchanges. Raises DirectFailed unless all were answered."""
        before = cpu_ns(self.server.child.pid)
        with pinned(self._processor):
            result = subprocess.run(
                [*self._command, f"--requests={exchanges}", f"http://localhost{METHOD}"],
                capture_output=True,
                text=True,
                check=False,
            )
        used_us = (cpu_ns(self.server.child.pid) - before) / 1000
        return _Run(self._read(result.stdout, exchanges), used_us / exchanges)

    def _read(self, output: str, exchanges: int) -> float:
        done, rate, data = (each.search(output) for each in (_DONE, _RATE, _DATA))
        name = self.server.arm.name
        if done is None or rate is None or data is None:
            raise DirectFailed(f"h2load said nothing usable about {name}")
        total, succeeded = int(done[1]), int(done[2])
        if (total, succeeded) != (exchanges, exchanges):
            raise DirectFailed(f"{name}: {succeeded} of {exchanges} streams succeeded")
        if int(data[1]) != exchanges * self._expected:
            raise DirectFailed(f"{name}: not every stream was answered {ANSWERS} times")
        return float(rate[1])


def _measure_size(
    loads: Sequence[_Load], size: int, *, runs: int, run_s: float
) -> Iterator[DirectFigures]:
    exchanges = [max(int(load.run(TRIAL_EXCHANGES).per_s * run_s), 100) for load in loads]
    results: list[list[_Run]] = [[] for _ in loads]
    for number in range(runs):
        turn = number % len(loads)
        for index in (*range(turn, len(loads)), *range(turn)):
            results[index].append(loads[index].run(exchanges[index]))
    for load, each in zip(loads, results, strict=True):
        yield DirectFigures(
            arm=load.server.arm.name,
            body_bytes=size,
            per_s=statistics.median(run.per_s for run in each),
            cpu_us=statistics.median(run.cpu_us for run in each),
        )


def _two_processors() -> tuple[int, int]:
    processors = sorted(os.sched_getaffinity(0))
    if len(processors) < 2:
        raise DirectFailed("the direct bench needs two processors: one serves, one loads")
    return processors[0], processors[1]
