from __future__ import annotations

import io
from pathlib import Path

import grpc

from extproc.ending import Ending, Status
from extproc.grpc_aio import GrpcTransport
from extproc.logs import Log
from extproc.metrics import FAULTS, FLOWS, Fault, Tallies
from extproc.settings import KIB, Settings
from tests.fakes.exchange import Exchanges
from tests.fakes.grpc_peer import peer, run


def test_every_ending_has_the_code_of_grpcio_with_its_number() -> None:
    codes = {code.value[0]: code.name for code in grpc.StatusCode}
    assert {codes[ending.status] for ending in Ending} == {status.name for status in Status}


def test_what_grpcio_refuses_itself_is_no_fault_of_ours(tmp_path: Path) -> None:
    settings = Settings(socket=str(tmp_path / "s.sock"), admin="", max_message_bytes=128 * KIB)
    tallies, exchanges = Tallies(), Exchanges()

    async def test() -> None:
        log = Log(io.StringIO())
        transport = GrpcTransport(exchanges.open, settings, tallies=tallies, log=log)
        await transport.start()
        try:
            async with peer(f"unix:{settings.socket}") as envoy:
                end = await envoy.exchange(b"x" * (128 * KIB + 1))
                assert end.code is grpc.StatusCode.RESOURCE_EXHAUSTED
        finally:
            await transport.drain(0)

    run(test())
    assert tallies.value(FLOWS, ("abandoned",)) == 1
    assert not [fault for fault in Fault if tallies.value(FAULTS, (fault.value,))]
