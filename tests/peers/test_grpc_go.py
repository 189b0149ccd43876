"""grpc-go against the fast transport and, with the same expectations, against grpcio's server."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest

from extproc.logs import Log
from extproc.metrics import Tallies
from extproc.settings import Settings, Transport
from extproc.transport_choice import Choice, make
from tests.fakes.exchange import Exchanges
from tests.fakes.fast_transport import FULL, ensure_built
from tests.fakes.grpc_peer import run
from tests.peers.go_tools import grpc_go_client

pytestmark = FULL

SECONDS = 90


@pytest.mark.parametrize("transport", [Transport.H2, Transport.GRPC])
def test_client_of_grpc_go_gets_what_it_expects(tmp_path: Path, transport: Transport) -> None:
    ensure_built()
    client = grpc_go_client()
    settings = Settings(socket=str(tmp_path / "s.sock"), admin="", transport=transport)

    async def test() -> None:
        exchanges = Exchanges(heavy_bytes=1 << 20)
        log = Log(io.StringIO())
        server = make(Choice(transport), exchanges.open, settings, tallies=Tallies(), log=log)
        await server.start()
        try:
            process = await asyncio.create_subprocess_exec(
                client, f"unix:{settings.socket}", stdout=asyncio.subprocess.PIPE
            )
            shown, _ = await process.communicate()
        finally:
            await server.drain(0)
        print(shown.decode())
        assert process.returncode == 0, shown.decode()
        assert len(exchanges.opened) >= 1004

    run(test(), seconds=SECONDS)
