"""A fault of ours at every line that carries a stream, on both transports, one after the other.

The lines are those of the transport, of the session and of what writes answers, so every await and
every callback is among them; the fault is raised by a tracer as the line is reached. Whatever the
line: no raw value leaves, a stream that was not answered to its end does not end OK, something is
counted, and the next stream is served.
"""

from __future__ import annotations

import asyncio
import io
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import grpc
import msgspec
import pytest

import extproc
from extproc.envoy_api.messages import (
    HttpBody,
    HttpHeaders,
    HttpTrailers,
    ProcessingRequest,
    ProtocolConfiguration,
)
from extproc.logs import Log
from extproc.metrics import FAULTS, FLOWS, Fault, Tallies
from extproc.session import SessionFactory
from extproc.settings import Settings, Transport
from extproc.transport_choice import Choice, ServingTransport, make
from tests.fakes.fast_transport import FULL, ensure_built
from tests.fakes.grpc_peer import Ended, ask, ended, peer, run
from tests.fakes.scanner import HashScanner
from tests.playbook import FULL_DUPLEX, REDACT_BOTH, header_map, policy
from weirline.flow.limits import Limits
from weirline.flow.report import Outcome

FILES = {
    Transport.H2: ("h2/connection.py", "h2/service.py", "session.py", "ending.py"),
    Transport.GRPC: ("grpc_aio.py", "session.py", "ending.py"),
}
# What catches and counts a fault itself, with nothing around it.
CATCHING = frozenset(("_process", "_guarded", "_fail", "fault", "_count_fault", "ending_of"))
CATCHING |= {"connection_made", "_worked"}  # a line each, that calls `_guarded`
VALUE = b"#123456"
HEAVY_BYTES = 200
ANSWERS = 6
SAMPLE = 5  # lines a transport where not all are asked for


class Injected(Exception):
    """The fault."""


@dataclass
class Tracer:
    """Counts the lines reached in some files, and raises at one of them."""

    files: frozenset[str]
    target: int = 0
    reached: int = 0
    where: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401 - a tracer
        code = frame.f_code
        if code.co_filename not in self.files or code.co_name in CATCHING:
            return None
        if event == "line":
            with self.lock:
                self.reached += 1
                hit = self.reached == self.target
            if hit:
                self.where = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
                raise Injected
        return self


def messages() -> list[bytes]:
    """A response in FULL_DUPLEX: a heavy chunk, one of which a part is held back, trailers."""
    modes = ProtocolConfiguration(request_body_mode=FULL_DUPLEX, response_body_mode=FULL_DUPLEX)
    request = header_map([(":method", "GET"), (":path", "/a")])
    response = header_map([(":status", "200"), ("content-type", "text/plain")])
    made = [
        ProcessingRequest(
            request_headers=HttpHeaders(headers=request, end_of_stream=True), protocol_config=modes
        ),
        ProcessingRequest(response_headers=HttpHeaders(headers=response)),
        ProcessingRequest(response_body=HttpBody(body=VALUE + b" river" * HEAVY_BYTES)),
        ProcessingRequest(response_body=HttpBody(body=VALUE + b" #12")),
        ProcessingRequest(response_trailers=HttpTrailers(trailers=header_map([("x-sum", VALUE)]))),
    ]
    return [message.SerializeToString() for message in made]


async def converse(address: str) -> Ended:
    """Play the response; before the trailers comes, unasked, what was held back."""
    async with peer(address) as envoy:
        call = envoy.open()
        answers: list[bytes] = []
        *first, trailers = messages()
        for message in first:
            answer = await ask(call, message)
            if answer is None:
                return await ended(call, answers)
            answers.append(answer)
        try:
            async with asyncio.timeout(5):
                unasked = await call.read()
        except grpc.aio.AioRpcError:
            return await ended(call, answers)
        if not isinstance(unasked, bytes):
            return await ended(call, answers)
        answers.append(unasked)
        answer = await ask(call, trailers)
        if answer is not None:
            answers.append(answer)
            await call.done_writing()
        return await ended(call, answers)


async def one(transport: Transport, socket: Path, tracer: Tracer) -> tuple[Ended, int]:
    """One stream under a tracer; how it ended, and how much was counted. The next is served."""
    counted = 0

    def uncaught(_: asyncio.AbstractEventLoop, __: dict[str, Any]) -> None:
        nonlocal counted
        counted += 1

    asyncio.get_running_loop().set_exception_handler(uncaught)
    tallies = Tallies()
    settings = msgspec.structs.replace(
        Settings(socket=str(socket), admin="", state_dir="", transport=transport), pool_threads=1
    )
    sessions = SessionFactory(
        policy(REDACT_BOTH),
        HashScanner(),
        limits=Limits(),
        wiring="enforce",
        pool_threshold_bytes=HEAVY_BYTES,
    )
    served: ServingTransport = make(
        Choice(transport), sessions.open, settings, tallies=tallies, log=Log(io.StringIO())
    )
    await served.start()
    threading.settrace(tracer)
    sys.settrace(tracer)
    try:
        end = await converse(f"unix:{socket}")
    finally:
        sys.settrace(None)
        threading.settrace(None)
        tracer.target = 0  # the pool's thread goes on with it
    async with asyncio.timeout(20):
        # A client whose connection was dropped may wait before it connects again.
        while (after := await converse(f"unix:{socket}")).code is grpc.StatusCode.UNAVAILABLE:
            await asyncio.sleep(0.02)
    assert (after.code, len(after.answers)) == (grpc.StatusCode.OK, ANSWERS), tracer.where
    await served.drain(0)
    counted += int(sum(tallies.value(FAULTS, (each.value,)) for each in Fault))
    broken = (Outcome.FAULT, Outcome.ABANDONED)
    return end, counted + int(sum(tallies.value(FLOWS, (each.value,)) for each in broken))


def files_of(transport: Transport) -> frozenset[str]:
    folder = Path(extproc.__file__).parent
    return frozenset(str(folder / name) for name in FILES[transport])


@pytest.mark.parametrize(
    "share", [SAMPLE, pytest.param(0, marks=[pytest.mark.full])], ids=["sample", "all"]
)
@pytest.mark.parametrize("transport", ["grpc", pytest.param("h2", marks=FULL)])
@pytest.mark.slow
# asyncio leaves a connection whose protocol could not be made to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_fault_at_any_line_lets_nothing_pass(transport: str, share: int, tmp_path: Path) -> None:
    which = Transport(transport)
    if which is Transport.H2:
        ensure_built()
    whole = Tracer(files_of(which))
    end, counted = run(one(which, tmp_path / "s", whole))
    assert (end.code, len(end.answers), counted) == (grpc.StatusCode.OK, ANSWERS, 0)
    lines = whole.reached
    assert lines > 100
    cut_short = 0
    for target in range(1, lines + 1, max(1, lines // share) if share else 1):
        tracer = Tracer(files_of(which), target)
        end, counted = run(one(which, tmp_path / f"s{target}", tracer))
        assert not any(VALUE in answer for answer in end.answers), tracer.where
        if end.code is grpc.StatusCode.OK:
            assert len(end.answers) == ANSWERS, tracer.where
            continue
        cut_short += 1
        assert counted, tracer.where
    print(f"{transport}: {lines} lines, {cut_short} streams cut short")
    assert cut_short > (lines // 2 if not share else share // 2)
