"""Feeds mutated HTTP/2 to connections of the fast transport; run as a process of its own.

`python -m tests.extproc.h2.mutated_run MODULE READER RECORDING SEED COUNT`: MODULE is the compiled
transport to use and READER the compiled reader of requests (builds with a sanitizer, say),
RECORDING a pickled list of what clients sent. Every message that is handed over is read as it is,
and the first and every fourth of a stream once more, broken. It prints one JSON object of counts
and ends with an error where anything but the connections' own ends happened.
"""

from __future__ import annotations

import asyncio
import importlib.machinery
import importlib.util
import io
import json
import pickle
import random
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

TRANSPORT = "extproc.h2._nghttp2"
READER = "extproc.envoy_api._request_reader"
SAMPLES = 50
MOST_BROKEN_BYTES = 2_000


@dataclass(slots=True)
class Counts:
    """What became of the streams; `floor_growth` is in bytes of resident memory."""

    streams: int = 0
    past_preface: int = 0
    messages: int = 0
    plain: int = 0
    answered: int = 0
    broken: int = 0
    floor_growth: int = 0
    mutations: dict[str, int] = field(default_factory=dict)


def use_module(name: str, path: str) -> None:
    """Let the file at `path` be the module of that name in this process."""
    loader = importlib.machinery.ExtensionFileLoader(name, path)
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    sys.modules[name] = module


async def run(recorded: list[bytes], seed: str, count: int) -> Counts:
    """Feed `count` mutated streams, each to a connection of its own."""
    from extproc.envoy_api.plain_request import read_plain
    from extproc.h2.connection import ServerConnection
    from extproc.h2.limits import Limits, Noise
    from extproc.h2.service import Service
    from extproc.logs import Log
    from extproc.metrics import CONNECTIONS_CLOSED, MESSAGES, STREAMS_ACTIVE, Tallies
    from tests.extproc.h2.mutate_bytes import frames_of, mutated
    from tests.fakes.exchange import Exchanges
    from tests.fakes.loop_transport import LoopTransport
    from tests.system.recorded.mutate import MUTATIONS

    rng = random.Random(seed)
    recordings = [frames_of(each) for each in recorded]
    limits = Limits(message=1 << 20, streams=50, budgets=(50,) * len(Noise))
    tallies, counts = Tallies(), Counts()

    def on_receive(number: int, raw: bytes) -> bytes:
        counts.plain += read_plain(raw) is not None
        if number % 4 == 0 and 0 < len(raw) < MOST_BROKEN_BYTES:
            read_plain(rng.choice(MUTATIONS)(raw, rng, (raw,)))
        return b"answer %d" % number

    exchanges = Exchanges(heavy_bytes=60_000, on_receive=on_receive)
    pool = ThreadPoolExecutor(1)
    service = Service(exchanges.open, limits, tallies, Log(io.StringIO()), pool, 200, frozenset())
    tallies.watch(STREAMS_ACTIVE, lambda: service.streams)
    end = socket.socket()
    samples: list[int] = []
    with end, pool:
        while counts.streams < count:
            data, names = mutated(recordings, rng)
            connection, transport = ServerConnection(service), LoopTransport(end)
            connection.connection_made(transport)
            hello, opened = transport.written, len(exchanges.opened)
            await feed(connection, transport, service.buffer, data, rng)
            counts.past_preface += transport.written > hello and len(exchanges.opened) > opened
            counts.answered += any(each.received for each in exchanges.opened)
            connection.connection_lost(None)
            assert (service.streams, len(service.connections)) == (0, 0)
            counts.streams += 1
            for name in names:
                counts.mutations[name] = counts.mutations.get(name, 0) + 1
            exchanges.opened.clear()
            service.log = Log(io.StringIO())
            if counts.streams >= len(samples) * count // SAMPLES:
                samples.append(resident_bytes())
    counts.messages = int(tallies.value(MESSAGES))
    counts.broken = int(tallies.value(CONNECTIONS_CLOSED, ("protocol",)))
    fifth = len(samples) // 5
    counts.floor_growth = min(samples[-fifth:]) - min(samples[fifth : 2 * fifth])
    return counts


async def feed(
    connection: object, transport: object, buffer: bytearray, data: bytes, rng: random.Random
) -> None:
    """Give a connection bytes in reads of random sizes, until it hangs up."""
    at = 0
    while at < len(data) and not transport.closed:  # type: ignore[attr-defined]  # LoopTransport
        size = rng.choice((1, 9, 24, 100, 1000, 1 << 14, 1 << 18))
        part = data[at : at + size]
        buffer[: len(part)] = part
        connection.buffer_updated(len(part))  # type: ignore[attr-defined]  # ServerConnection
        at += len(part)
    if rng.random() < 0.02:
        await asyncio.sleep(0)  # what the pool has done comes back


def resident_bytes() -> int:
    """The resident set of this process."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * 4096


def main(module: str, reader: str, recording: str, seed: str, count: str) -> None:
    """Run and print the counts."""
    use_module(TRANSPORT, module)
    use_module(READER, reader)
    recorded = pickle.loads(Path(recording).read_bytes())  # noqa: S301 - the test wrote it
    counts = asyncio.run(run(recorded, seed, int(count)))
    print(json.dumps(asdict(counts)))


if __name__ == "__main__":
    main(*sys.argv[1:])
